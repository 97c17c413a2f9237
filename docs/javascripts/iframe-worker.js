/* Search when the site is opened from a folder. Browsers start no worker from file://, so the search runs in a hidden
   frame instead, spoken to in the same way. From a server nothing changes. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.ready = new Promise(loaded => this.frame.addEventListener("load", loaded, {once: true})).then(() => {
        const inside = this.frame.contentWindow
        const load = source => new Promise((loaded, failed) => {
          const script = inside.document.createElement("script")
          Object.assign(script, {src: source, onload: loaded, onerror: failed})
          inside.document.body.appendChild(script)
        })
        inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", {data}))
        inside.importScripts = (...sources) =>
          sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve())
        return load(url).then(() => inside)
      })
      document.body.appendChild(this.frame)
    }
    postMessage(data) {
      this.ready.then(inside => inside.dispatchEvent(new inside.MessageEvent("message", {data})))
    }
    terminate() {
      this.frame.remove()
    }
  }
}
