package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// waitUntil waits until a JavaScript expression is true.
func (p *tab) waitUntil(expression string) {
	p.Helper()
	p.eventually(expression, func(ctx context.Context) bool {
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		return err == nil && is
	})
}

// waitFor waits until the page shows the text.
func (p *tab) waitFor(text string) {
	p.Helper()
	p.waitUntil(fmt.Sprintf("document.body.innerText.includes(%s)", quoted(text)))
}

// waitGone waits until the view does not show the text.
func (p *tab) waitGone(text string) {
	p.Helper()
	p.waitUntil(fmt.Sprintf("!document.querySelector('main').innerText.includes(%s)", quoted(text)))
}

// fill types text into the field with the label, in place of what is there.
func (p *tab) fill(role, label, text string) {
	p.Helper()
	p.click(role, label)
	evaluate[chromedp.Void](p, "document.activeElement.select?.()")
	p.press(text)
}

// press presses and releases keys, such as kb.Enter or those of a text. As with a real keyboard, a key types nothing if the page
// has handled it.
func (p *tab) press(keys string) {
	p.Helper()
	for _, key := range keys {
		events := kb.Encode(key)
		down, up := events[0], events[len(events)-1]
		if len(events) == 3 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, event := range []*input.DispatchKeyEventParams{down, up} {
			_, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, *event)
			require.NoError(p, err)
		}
	}
}

// focused returns the accessible name of the element that has the focus, without the one that the browser computes from its content
// if it has a label.
func (p *tab) focused() string {
	p.Helper()
	return evaluate[string](p, `(e => e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || e.id || e.tagName)(document.activeElement).trim()`)
}

// size sets the size of the window.
func (p *tab) size(width, height int64) {
	p.Helper()
	p.do(chromedp.EmulateViewport(width, height))
}

// prefers sets the color scheme that the person prefers: "light" or "dark".
func (p *tab) prefers(scheme string) {
	p.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(p, err)
}

// eventually waits for a condition.
func (p *tab) eventually(what string, is func(ctx context.Context) bool) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	again := time.NewTicker(step)
	defer again.Stop()
	for !is(ctx) {
		select {
		case <-ctx.Done():
			require.FailNow(p, "the page never has: "+what)
		case <-again.C:
		}
	}
}

// quoted returns a string of JavaScript.
func quoted(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // No string fails.
	}
	return string(encoded)
}

// median returns the middle value.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
