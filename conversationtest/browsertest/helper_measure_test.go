package browsertest

import (
	"slices"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// countLongTasks keeps the duration in milliseconds of each task that blocks the page for 50 ms or more.
const countLongTasks = `
	window.longTasks = [];
	new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
	}).observe({ type: "longtask", buffered: true });
`

// longest is the duration in milliseconds that no task of the page may exceed, and tries how often it is measured at most: another
// program on the machine can slow down a page, and none can speed it up.
const (
	longest = 200
	tries   = 3
)

// staysSmooth fails the test if a task of the page blocks it for too long while work runs. Work describes what it has done.
func (p *tab) staysSmooth(work func() string) {
	p.Helper()
	// The driver follows the elements of the page, which costs the page time.
	for _, domain := range []cdp.Command[cdp.Empty, cdp.Empty]{css.Disable, dom.Disable} {
		_, err := chromedp.Call(p.ctx, domain, cdp.Empty{})
		require.NoError(p, err)
	}
	var blocked float64
	for range tries {
		evaluate[chromedp.Void](p, "window.longTasks.length = 0")
		done := work()
		blocked = p.longestTask()
		p.Logf("%s: the longest task took %.0f ms", done, blocked)
		if blocked < longest {
			return
		}
	}
	p.Errorf("the longest task took %.0f ms, which must be below %d ms", blocked, longest)
}

// longestTask returns the duration in milliseconds of the longest task, and 0 if none took 50 ms.
func (p *tab) longestTask() float64 {
	p.Helper()
	// The browser reports a task after its end.
	const afterTwoFrames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"
	tasks := evaluate[[]float64](p, afterTwoFrames+".then(() => window.longTasks)")
	return slices.Max(append(tasks, 0))
}
