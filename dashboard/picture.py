"""A chart as PNG, made in the browser from what it shows: the server needs none for it."""

PICTURE = """
const canvases = (root, found = []) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.tagName === "CANVAS" && element.width && element.offsetWidth) {
      found.push(element)
    }
    if (element.shadowRoot) { canvases(element.shadowRoot, found) }
  }
  return found
}

// the card that holds both the button and the chart: the nearest host above with a canvas in it
const cardOf = (element) => {
  for (let host = element.getRootNode().host; host; host = host.getRootNode().host) {
    if (host.shadowRoot && canvases(host.shadowRoot).length) { return host }
  }
  return null
}

const savePicture = (button) => {
  const card = cardOf(button)
  if (!card) { return }
  const layers = canvases(card.shadowRoot)
  const boxes = layers.map((layer) => layer.getBoundingClientRect())
  const left = Math.min(...boxes.map((box) => box.left))
  const top = Math.min(...boxes.map((box) => box.top))
  const width = Math.max(...boxes.map((box) => box.right)) - left
  const height = Math.max(...boxes.map((box) => box.bottom)) - top
  const key = button.closest(".rc").querySelectorAll(".key li")
  const [pad, head, scale] = [20, key.length ? 86 : 62, Math.max(2, window.devicePixelRatio)]
  const picture = document.createElement("canvas")
  picture.width = (width + 2 * pad) * scale
  picture.height = (height + head + 2 * pad) * scale
  const pen = picture.getContext("2d")
  const look = getComputedStyle(button)
  pen.scale(scale, scale)
  pen.fillStyle = look.getPropertyValue("--rc-surface").trim() || "#ffffff"
  pen.fillRect(0, 0, picture.width, picture.height)
  pen.fillStyle = look.getPropertyValue("--rc-text").trim() || "#111111"
  pen.font = `600 18px ${look.fontFamily}`
  pen.fillText(button.dataset.title, pad, pad + 16, width)
  pen.fillStyle = look.getPropertyValue("--rc-muted").trim() || "#555555"
  pen.font = `13px ${look.fontFamily}`
  pen.fillText(button.dataset.note, pad, pad + 40, width)
  let across = pad
  key.forEach((entry) => {
    const ink = pen.fillStyle
    pen.fillStyle = getComputedStyle(entry.querySelector("i")).backgroundColor
    pen.fillRect(across, pad + 56, 11, 11)
    pen.fillStyle = ink
    pen.fillText(entry.textContent, across + 17, pad + 66)
    across += 17 + pen.measureText(entry.textContent).width + 18
  })
  layers.forEach((layer, place) => {
    const box = boxes[place]
    pen.drawImage(layer, pad + box.left - left, pad + head + box.top - top, box.width, box.height)
  })
  const link = document.createElement("a")
  link.download = button.dataset.png
  link.href = picture.toDataURL("image/png")
  link.click()
}
"""
