package browsertest

import (
	"slices"

	"github.com/chromedp/chromedp"
)

// countLongTasks keeps the duration in milliseconds of each task that blocks the page for 50 ms or more.
const countLongTasks = `
	window.longTasks = [];
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
	}).observe({ type: "longtask", buffered: true });
`

// forgetLongTasks begins a measurement.
func (p *tab) forgetLongTasks() {
	p.Helper()
	evaluate[chromedp.Void](p, "window.longTasks.length = 0")
}

// longestTask returns the duration in milliseconds of the longest task since forgetLongTasks, and 0 if none took 50 ms.
func (p *tab) longestTask() float64 {
	p.Helper()
	// The browser reports a task after its end.
	const afterTwoFrames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"
	tasks := evaluate[[]float64](p, afterTwoFrames+".then(() => window.longTasks)")
	return slices.Max(append(tasks, 0))
}
