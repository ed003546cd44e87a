// Files as residents have them: a phone's photo, a document, and some that are not what they claim.

import { deflateSync } from "node:zlib";
import { newPage } from "./city.mjs";

/** Stands in the metadata of every photo, where a phone keeps the place it was taken at. */
export const SECRET_OF_THE_PHOTO = "GPS 37.7749 N 122.4194 W";

/** A JPEG of a hole in the road with the metadata of a phone, as Playwright wants files. */
export async function makePhoto(name = "photo.jpg") {
	const page = await newPage({ baseURL: undefined });
	const jpeg = await page.evaluate(drawPothole);
	await page.context().close();
	return { name, mimeType: "image/jpeg", buffer: addMetadata(Buffer.from(jpeg, "base64")) };
}

/** Runs in the browser, which can write JPEG. */
function drawPothole() {
	const canvas = document.createElement("canvas");
	[canvas.width, canvas.height] = [1200, 900];
	const pen = canvas.getContext("2d");
	const fill = (color, ...box) => {
		pen.fillStyle = color;
		pen.fillRect(...box);
	};
	fill("#8fb7d9", 0, 0, 1200, 300);
	fill("#6d7075", 0, 300, 1200, 600);
	for (let x = 40; x < 1200; x += 240) fill("#f1e9d2", x, 420, 120, 22);
	for (const [color, width, height] of [["#4a4c50", 300, 120], ["#2a2b2e", 250, 90]]) {
		pen.fillStyle = color;
		pen.beginPath();
		pen.ellipse(640, 660, width, height, 0.1, 0, 7);
		pen.fill();
	}
	return canvas.toDataURL("image/jpeg", 0.85).split(",")[1];
}

/** Puts an Exif segment and a comment behind the first two bytes of a JPEG. */
function addMetadata(jpeg) {
	const segment = (marker, text) => {
		const head = Buffer.from([0xff, marker, 0, 0]);
		head.writeUInt16BE(text.length + 2, 2);
		return Buffer.concat([head, Buffer.from(text, "latin1")]);
	};
	const exif = segment(0xe1, `Exif\0\0MM\0*\0\0\0\b\0\0\0\0\0\0${SECRET_OF_THE_PHOTO}`);
	return Buffer.concat([jpeg.subarray(0, 2), exif, segment(0xfe, SECRET_OF_THE_PHOTO), jpeg.subarray(2)]);
}

/** A PNG, small or as large as wanted: its noise cannot be compressed away. */
export function makePng(name = "picture.png", side = 16) {
	const rows = Buffer.alloc(side * (side * 3 + 1));
	let seed = 7;
	for (let at = 0; at < rows.length; at++) {
		seed = (seed * 1103515245 + 12345) & 0x7fffffff;
		rows[at] = at % (side * 3 + 1) ? seed >> 16 : 0;
	}
	const size = Buffer.alloc(13);
	size.writeUInt32BE(side, 0);
	size.writeUInt32BE(side, 4);
	size.set([8, 2, 0, 0, 0], 8);
	const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
	const chunks = [chunk("IHDR", size), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
	return { name, mimeType: "image/png", buffer: Buffer.concat([signature, ...chunks]) };
}

function chunk(kind, data) {
	const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
	const frame = Buffer.alloc(body.length + 8);
	frame.writeUInt32BE(data.length, 0);
	body.copy(frame, 4);
	frame.writeInt32BE(checksum(body), body.length + 4);
	return frame;
}

/** CRC-32 as PNG has it; zlib.crc32 only came with Node 22. */
function checksum(bytes) {
	let sum = -1;
	for (const byte of bytes) {
		sum ^= byte;
		for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
	}
	return ~sum;
}

/** A one-page PDF that every reader opens. */
export function makePdf(name = "document.pdf") {
	const objects = [
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
	];
	let text = "%PDF-1.4\n";
	const starts = objects.map((object, at) => {
		const start = text.length;
		text += `${at + 1} 0 obj\n${object}\nendobj\n`;
		return `${String(start).padStart(10, "0")} 00000 n \n`;
	});
	const end = text.length;
	text += `xref\n0 4\n0000000000 65535 f \n${starts.join("")}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${end}\n%%EOF\n`;
	return { name, mimeType: "application/pdf", buffer: Buffer.from(text, "latin1") };
}

/** Plain text that says it is something else. */
export function makeFake(name, mimeType = "image/jpeg") {
	return { name, mimeType, buffer: Buffer.from("<script>alert('not a picture')</script>".repeat(20)) };
}
