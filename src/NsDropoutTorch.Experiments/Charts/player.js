// Shows one frame of a player at a time: of each element ".frames" the child with the frame's number. Without this script the last frame stays.
"use strict";
for (const player of document.querySelectorAll(".player")) {
  const button = player.querySelector(".play");
  const slider = player.querySelector("input");
  const groups = [...player.querySelectorAll(".frames")];
  const words = player.querySelector(".controls .frames");
  const last = Number(slider.max);
  const milliseconds = Math.max(120, 4000 / last);
  let timer = 0;
  let shown = last;

  const show = frame => {
    for (const group of groups) {
      group.children[shown].classList.remove("now");
      group.children[frame].classList.add("now");
    }
    shown = frame;
    slider.value = frame;
    slider.setAttribute("aria-valuetext", words.children[frame].textContent);
  };

  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Play";
  };

  const step = () => {
    show(shown + 1);
    if (shown === last) stop();
  };

  const play = () => {
    if (shown === last) show(0);
    button.textContent = "Pause";
    timer = setInterval(step, milliseconds);
  };

  button.addEventListener("click", () => timer ? stop() : play());
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  show(last);
  player.classList.add("live");
  if (player.dataset.starts === "playing") {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
  }
}
