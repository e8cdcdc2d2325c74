package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
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

// waitGone waits until the page does not show the text.
func (p *tab) waitGone(text string) {
	p.Helper()
	p.waitUntil(fmt.Sprintf("!document.body.innerText.includes(%s)", quoted(text)))
}

// find waits until there is an element with the role and the accessible name, as a screen reader has them.
func (p *tab) find(role, name string) {
	p.Helper()
	p.eventually(fmt.Sprintf("%s %q", role, name), func(ctx context.Context) bool { return len(query(ctx, role, name)) > 0 })
}

// has reports whether there is an element with the role and the accessible name.
func (p *tab) has(role, name string) bool {
	p.Helper()
	return len(query(p.ctx, role, name)) > 0
}

func query(ctx context.Context, role, name string) []cdp.BackendNodeID {
	document, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject]("document"))
	if err != nil {
		return nil
	}
	result, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
		ObjectID: document.ObjectID, Role: role, AccessibleName: name,
	})
	if err != nil {
		return nil
	}
	var found []cdp.BackendNodeID
	for _, node := range result.Nodes {
		if !node.Ignored {
			found = append(found, node.BackendDOMNodeID)
		}
	}
	return found
}

// click clicks an element, once it is there and has stopped moving.
func (p *tab) click(role, name string) {
	p.Helper()
	var x, y float64
	p.eventually(fmt.Sprintf("a place to click of %s %q", role, name), func(ctx context.Context) bool {
		found := query(ctx, role, name)
		if len(found) == 0 {
			return false
		}
		before, ok := center(ctx, found[0])
		if !ok {
			return false
		}
		after, ok := center(ctx, found[0])
		x, y = after[0], after[1]
		return ok && before == after
	})
	p.do(chromedp.MouseClickXY(x, y))
}

// center scrolls to an element, and returns the point in its middle.
func center(ctx context.Context, node cdp.BackendNodeID) ([2]float64, bool) {
	_, err := chromedp.Call(ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node})
	if err != nil {
		return [2]float64{}, false
	}
	result, err := chromedp.Call(ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node})
	if err != nil || len(result.Quads) == 0 {
		return [2]float64{}, false
	}
	q := result.Quads[0]
	return [2]float64{(q[0] + q[4]) / 2, (q[1] + q[5]) / 2}, true
}

// fill types text into the field with the label, in place of what is there.
func (p *tab) fill(role, label, text string) {
	p.Helper()
	p.click(role, label)
	evaluate[chromedp.Void](p, "document.activeElement.select?.()")
	p.do(chromedp.KeyEvent(text))
}

// press presses keys, such as kb.Enter.
func (p *tab) press(keys string, options ...chromedp.KeyOption) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys, options...))
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
