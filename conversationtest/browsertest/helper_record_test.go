package browsertest

import (
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// record notes the requests of the page and what goes wrong in it. The browser logs an error for what breaks the
// Content-Security-Policy.
func (p *tab) record(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requestedURL(e.Request.URL)
	case *network.EventWebSocketCreated:
		p.problem("opens a WebSocket: %.200s", e.URL)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			p.problem("console.%s: %s", e.Type, consoleText(e.Args))
		}
	case *runtime.EventExceptionThrown:
		p.problem("exception: %s", exceptionText(e.ExceptionDetails))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			p.problem("log: %s: %s (%.200s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		p.problem("opens a dialog: %s: %s", e.Type, e.Message)
		go func() { // A listener must not run commands.
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	case *page.EventWindowOpen:
		p.problem("opens a window: %.200s", e.URL)
	case *page.EventFrameNavigated:
		if e.Frame.ParentID != "" {
			p.problem("has a frame: %.200s", e.Frame.URL)
		} else if !p.isOwn(e.Frame.URL) {
			p.problem("leaves for %.200s", e.Frame.URL)
		}
	}
}

func consoleText(args []*runtime.RemoteObject) string {
	var parts []string
	for _, arg := range args {
		if arg.Description != "" {
			parts = append(parts, arg.Description)
		} else {
			parts = append(parts, string(arg.Value))
		}
	}
	return strings.Join(parts, " ")
}

func exceptionText(details *runtime.ExceptionDetails) string {
	if details.Exception == nil {
		return details.Text
	}
	return details.Text + ": " + details.Exception.Description + string(details.Exception.Value)
}
