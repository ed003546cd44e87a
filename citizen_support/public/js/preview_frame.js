// In the preview's frame: what is scrolled to stays in sight when the page is shown anew, and a question that is being
// edited comes into sight (desk/service_designer.js).
addEventListener("scroll", () => parent.postMessage({ previewScroll: scrollY }, "*"), { passive: true });
addEventListener("message", ({ source, data }) => {
	if (source !== parent) return;
	if (Number.isFinite(data?.previewScroll)) scrollTo(0, data.previewScroll);
	if (Number.isInteger(data?.previewField)) document.querySelectorAll("form .field")[data.previewField]?.scrollIntoView();
});
