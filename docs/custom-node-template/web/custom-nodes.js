// Loaded by ComfyUI's frontend from /extensions/NAME/custom-nodes.js; delete the folder if you need none.
import { app } from "../../scripts/app.js";

app.registerExtension({ name: "custom-nodes.example" });
