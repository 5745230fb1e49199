// Files dropped anywhere on a place.

import { toast } from "./dialogs.js";

export function acceptDrops(root, take) {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (by) => {
    depth = by ? Math.max(0, depth + by) : 0;
    root.classList.toggle("dropped", depth > 0);
  };
  root.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over(1);
  });
  root.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  root.addEventListener("dragleave", (event) => carries(event) && over(-1));
  root.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over(0);
    const items = [...(event.dataTransfer.items ?? [])];
    const folders = new Set(items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()?.name));
    const files = [...event.dataTransfer.files].filter((file) => !folders.has(file.name));
    if (folders.size) toast("文件夹不能直接拖进来。可以：打开它，选中里面的文件再拖。", { stay: 8000 });
    if (files.length) take(files);
  });
}
