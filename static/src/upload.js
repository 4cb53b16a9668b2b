// Beside the script of every page, where something can be uploaded.
import { copyByButton } from "./base/copy.js";
import { uploadPanels } from "./uploads/transfer/panels.js";

copyByButton();
uploadPanels();
