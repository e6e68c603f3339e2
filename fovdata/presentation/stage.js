"use strict"
const scenes = [...document.querySelectorAll(".scene")]
const by = id => document.getElementById(id)
const asked = new URLSearchParams(location.search || location.hash.slice(1))
let scene = clamp(Number(asked.get("scen")) || 1, scenes.length)
let step = clamp(Number(asked.get("steg")) || 1, stepsOf(scene))
let speaker = null // the window with the notes
let started = 0 // when it was first opened
const within = parent !== window // the page where scenes are chosen has a way out of its own

function clamp(number, most) { return Math.trunc(Math.min(Math.max(number, 1), most)) }
function stepsOf(number) { return Number(scenes[number - 1].dataset.steps) }

function show(number, its = 1) {
  black(false)
  scene = clamp(number, scenes.length)
  step = clamp(its, stepsOf(scene))
  for (const one of scenes) one.classList.toggle("now", one === scenes[scene - 1])
  const now = scenes[scene - 1]
  for (const one of now.querySelectorAll(".step"))
    one.classList.toggle("now", Number(one.dataset.step) === step)
  for (const one of now.querySelectorAll("[data-joined]")) {
    const joined = Number(one.dataset.joined)
    one.classList.toggle("new", joined === step)
    one.classList.toggle("later", joined > step)
  }
  by("place").textContent = `${scene} / ${scenes.length}`
  const words = now.querySelector(".step.now")?.innerText ?? ""
  by("said").textContent = `Scen ${scene} av ${scenes.length}. ${now.dataset.name}. ${words}`
  scrollTo(0, 0)
  remember()
  tell()
}

// The address says where we are: to reload, or to open the link, leads here again.
function remember() {
  const said = new URLSearchParams(location.search)
  said.set("scen", scene)
  if (step > 1) said.set("steg", step)
  else said.delete("steg")
  try {
    history.replaceState(null, "", `?${said}`)
  } catch { // a file's address is fixed save for what follows the #
    location.hash = `scen=${scene}${step > 1 ? `&steg=${step}` : ""}`
  }
}

function next() {
  if (step < stepsOf(scene)) show(scene, step + 1)
  else if (scene < scenes.length) show(scene + 1)
}
function previous() {
  if (step > 1) show(scene, step - 1)
  else if (scene > 1) show(scene - 1, stepsOf(scene - 1))
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen()
}
function black(on = by("black").hidden) {
  by("black").hidden = !on
  tick()
}
function help(on = by("help").hidden) {
  black(false)
  by("help").hidden = !on
  by("keys").setAttribute("aria-expanded", on)
}
function otherTheme() {
  const root = document.documentElement
  const dark = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")
  root.dataset.theme = dark === "dark" ? "light" : "dark"
  dress()
}

// The notes stand in a window of their own, which this one fills: it works from a file too.
function notes() {
  if (lectern()) return speaker.focus()
  speaker = open("", "fov-anteckningar", "popup,width=760,height=900")
  if (!speaker) return void (by("said").textContent = "Webbläsaren stoppade fönstret med anteckningar.")
  started ||= Date.now()
  const page = speaker.document
  page.documentElement.lang = "sv"
  page.title = "Anteckningar"
  page.head.replaceChildren(page.importNode(document.querySelector("style"), true))
  page.body.className = "speaker"
  page.body.innerHTML =
    "<header><time id='clock'></time><span id='now'></span><button id='reset'>Nollställ klockan</button></header>" +
    "<div id='words'></div><footer><p id='coming'></p>" +
    "<button id='back'>‹ Föregående</button><button id='on'>Nästa ›</button></footer>"
  const on = (id, does) => page.getElementById(id).addEventListener("click", does)
  on("reset", () => { started = Date.now(); tick() })
  on("back", previous)
  on("on", next)
  page.addEventListener("keydown", keyed)
  dress()
  tell()
}
// Their document, as long as the window is open and as it was filled: a reload empties it.
function lectern() {
  try {
    return speaker && !speaker.closed && speaker.document.getElementById("clock") ? speaker.document : null
  } catch {
    return null
  }
}
function dress() {
  const page = lectern(), theme = document.documentElement.dataset.theme
  if (page && theme) page.documentElement.dataset.theme = theme
}
function tell() {
  const page = lectern()
  if (!page) return
  const now = scenes[scene - 1]
  const title = page.createElement("h1")
  title.textContent = now.dataset.name
  const words = [...now.querySelectorAll(".notes p")].map(one => page.importNode(one, true))
  page.getElementById("words").replaceChildren(title, ...words)
  const coming = now.querySelectorAll(".step h2")[step]?.textContent ?? scenes[scene]?.dataset.name ?? "slut"
  page.getElementById("coming").textContent = `Härnäst: ${coming}`
  tick()
}
function tick() {
  const page = lectern()
  if (!page) return
  const seconds = Math.floor((Date.now() - started) / 1000)
  const two = number => String(number).padStart(2, "0")
  page.getElementById("clock").textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
  const time = new Date().toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" })
  const dark = by("black").hidden ? "" : " · skärmen är svart"
  page.getElementById("now").textContent = `kl. ${time} · scen ${scene} av ${scenes.length}${dark}`
}

function leave() {
  speaker?.close()
  if (within) return parent.document.getElementById("leave").click()
  document.body.replaceChildren() // gone at once, also if the network is slow
  if (location.protocol === "file:") return void (document.title = "") // perhaps no network at all
  location.replace("https://www.smhi.se/") // "back" does not lead here again
}

const KEYS = {
  ArrowRight: next, ArrowDown: next, PageDown: next, " ": next, Enter: next,
  ArrowLeft: previous, ArrowUp: previous, PageUp: previous, Backspace: previous,
  Home: () => show(1), End: () => show(scenes.length),
  f: fullScreen, n: notes, b: () => black(), ".": () => black(), m: otherTheme,
  "?": () => help(), h: () => help(), Escape: () => { black(false); help(false) },
}
let escapes = [] // three in two seconds leave, as on the pages
function keyed(event) {
  if (event.key === "Escape" && !event.repeat) {
    escapes = [...escapes.filter(time => event.timeStamp - time < 2000), event.timeStamp]
    if (escapes.length === 3) return leave()
  }
  const does = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  const presses = [" ", "Enter"].includes(event.key) && event.target.closest?.("button, a")
  if (!does || presses || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  does()
}

document.documentElement.classList.add("js")
by("leave").hidden = within
addEventListener("keydown", keyed)
addEventListener("pagehide", () => speaker?.close())
document.querySelector("main").addEventListener("click", event => {
  if (!event.target.closest("a") && !String(getSelection())) next()
})
by("black").addEventListener("click", () => black(false))
by("previous").addEventListener("click", previous)
by("next").addEventListener("click", next)
by("notes").addEventListener("click", notes)
by("full").addEventListener("click", fullScreen)
by("keys").addEventListener("click", () => help())
// A click leaves the keys to the stage, and not to the button that was clicked.
by("bar").addEventListener("click", event => event.detail && document.activeElement.blur())
by("leave").addEventListener("click", event => { event.preventDefault(); leave() })

// On a full screen the bar is out of the way until the mouse moves.
let still
function moved() {
  document.body.classList.remove("idle")
  clearTimeout(still)
  still = setTimeout(() => document.body.classList.toggle("idle", Boolean(document.fullscreenElement)), 2500)
}
addEventListener("mousemove", moved)
addEventListener("fullscreenchange", moved)
setInterval(tick, 500)
show(scene, step)
