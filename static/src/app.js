// What every page needs: menus, search shortcut, live regions, replies that are not lost.
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/modal";
import "bootstrap/js/dist/offcanvas";
import { sayRefusals } from "./base/alerts.js";
import { followColourScheme, linksToBoxes, searchShortcut, submitOnChange } from "./base/page.js";
import { localDateTimes } from "./cases/local_datetime.js";
import { liveRegions } from "./base/live.js";
import { insertCannedReplies } from "./cases/canned_replies/insert.js";
import { mentionColleagues } from "./cases/mentions/mentions.js";
import { attachFiles } from "./uploads/attachments/attachments.js";
import { decideByKey } from "./mail/review/keys.js";
import { keepDrafts, onceOnly, sendByKey } from "./base/writing.js";

followColourScheme();
searchShortcut();
linksToBoxes();
submitOnChange();
liveRegions();
sayRefusals();
localDateTimes();
keepDrafts();
attachFiles();
insertCannedReplies();
mentionColleagues();
onceOnly();
sendByKey();
decideByKey();
