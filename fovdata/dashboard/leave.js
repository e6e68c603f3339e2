// The quick way out: by its link, and by Esc three times.
const leave = document.getElementById("leave")
let presses = []
leave.addEventListener("click", event => {
  event.preventDefault()
  document.body.replaceChildren() // gone at once, also if the network is slow
  localStorage.clear() // the framework notes the theme of each page there, by its address
  sessionStorage.clear()
  location.replace(leave.href) // "back" does not lead here again
})
// Three in two seconds: one Esc closes a list, and whoever closes lists is not leaving.
addEventListener("keydown", event => {
  if (event.key !== "Escape" || event.repeat) return
  presses = [...presses.filter(time => event.timeStamp - time < 2000), event.timeStamp]
  if (presses.length === 3) leave.click()
}, true)
