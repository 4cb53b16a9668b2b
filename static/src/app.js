// What every page needs: menus, search shortcut, live regions, replies that are not lost.
import "bootstrap/js/dist/collapse";
import "bootstrap/js/dist/dropdown";
import "bootstrap/js/dist/modal";
import "bootstrap/js/dist/offcanvas";
import { sayRefusals } from "./js/alerts.js";
import { followColourScheme, foldWhenNarrow, linksToBoxes, searchShortcut, submitOnChange } from "./js/page.js";
import { localDateTimes } from "./js/local_datetime.js";
import { liveRegions } from "./js/live.js";
import { keepDrafts, onceOnly, sendByKey } from "./js/writing.js";

followColourScheme();
foldWhenNarrow();
searchShortcut();
linksToBoxes();
submitOnChange();
liveRegions();
sayRefusals();
localDateTimes();
keepDrafts();
onceOnly();
sendByKey();
