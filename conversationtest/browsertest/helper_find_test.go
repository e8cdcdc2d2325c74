package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// find waits until there is an element with the role and the accessible name, as a screen reader has them.
func (p *tab) find(role, name string) {
	p.Helper()
	p.eventually(fmt.Sprintf("%s %q", role, name), func(ctx context.Context) bool { return len(query(ctx, role, name)) > 0 })
}

// click clicks the first element with the role and the accessible name, once it is there.
func (p *tab) click(role, name string) {
	p.Helper()
	p.clickFound(fmt.Sprintf("%s %q", role, name), func(ctx context.Context) (dom.GetContentQuadsParams, bool) {
		found := query(ctx, role, name)
		if len(found) == 0 {
			return dom.GetContentQuadsParams{}, false
		}
		return dom.GetContentQuadsParams{BackendNodeID: found[0]}, true
	})
}

// clickElement clicks the element that a JavaScript expression returns, once it does.
func (p *tab) clickElement(what, expression string) {
	p.Helper()
	p.clickFound(what, func(ctx context.Context) (dom.GetContentQuadsParams, bool) {
		element, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject](expression))
		if err != nil || element.Subtype != runtime.RemoteObjectSubtypeNode {
			return dom.GetContentQuadsParams{}, false
		}
		return dom.GetContentQuadsParams{ObjectID: element.ObjectID}, true
	})
}

// clickFound clicks what find returns, once it has stopped moving.
func (p *tab) clickFound(what string, find func(context.Context) (dom.GetContentQuadsParams, bool)) {
	p.Helper()
	var before, at [2]float64
	p.eventually("to click: "+what, func(ctx context.Context) bool {
		element, ok := find(ctx)
		if !ok {
			return false
		}
		before = at
		at, ok = center(ctx, element)
		return ok && before == at
	})
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

// center scrolls to an element, and returns the point in its middle.
func center(ctx context.Context, element dom.GetContentQuadsParams) ([2]float64, bool) {
	_, err := chromedp.Call(ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{
		BackendNodeID: element.BackendNodeID, ObjectID: element.ObjectID,
	})
	if err != nil {
		return [2]float64{}, false
	}
	result, err := chromedp.Call(ctx, dom.GetContentQuads, element)
	if err != nil || len(result.Quads) == 0 {
		return [2]float64{}, false
	}
	quad := result.Quads[0]
	return [2]float64{(quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2}, true
}

// query returns the elements with the role and the accessible name. An empty name stands for any.
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
