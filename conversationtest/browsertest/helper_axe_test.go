package browsertest

import (
	"os"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const noModules = `run "npm ci" in this folder, or "make test-browser"`

// violation is a rule of axe-core that the page breaks.
type violation struct {
	Rule   string   `json:"rule"`
	Impact string   `json:"impact"`
	Where  []string `json:"where"`
}

// checkAccessible fails the test if axe-core finds a serious or critical violation of WCAG 2.2 AA on what the page shows now.
func (p *tab) checkAccessible(view string) {
	p.Helper()
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	require.NoError(p, err, noModules)
	p.do(chromedp.Evaluate[chromedp.Void](string(axe)))
	found := evaluate[[]violation](p, `
		axe.run(document, {
			resultTypes: ["violations"],
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		}).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({
			rule: id, impact, where: nodes.map(({ html, failureSummary }) => html.slice(0, 300) + "\n" + failureSummary),
		})))`)
	for _, v := range found {
		if v.Impact == "serious" || v.Impact == "critical" {
			assert.Fail(p, view+": axe-core: "+v.Impact+": "+v.Rule, strings.Join(v.Where, "\n\n"))
		} else {
			p.Logf("%s: axe-core: %s: %s: %s", view, v.Impact, v.Rule, strings.Join(v.Where, "\n\n"))
		}
	}
}
