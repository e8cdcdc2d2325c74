package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// newTabContext returns the context of a new tab in the browser that all tests share. The tab has a separate profile.
var newTabContext func() (context.Context, context.CancelFunc)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	path, err := findBrowser()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		return 1
	}
	profile, err := os.MkdirTemp("", "browsertest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "browsertest:", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(profile) }()

	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags(path, profile)...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "browsertest: start %s: %v\n", path, err)
		return 1
	}
	newTabContext = func() (context.Context, context.CancelFunc) {
		return chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	}
	return m.Run()
}

// findBrowser returns the path of a browser of the Chromium family.
func findBrowser() (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if name := os.Getenv("CHROMIUM"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("these tests require Chromium, and none is on the PATH: " +
		"install it (Debian: apt-get install chromium fonts-noto-color-emoji), or set CHROMIUM to its path")
}

// flags returns the flags of a browser that calls nobody by itself, and that root may start.
func flags(path, profile string) []chromedp.ExecAllocatorOption {
	return append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP "+rebound+" 127.0.0.1"),
		chromedp.Flag("lang", "en-US"),
	)
}
