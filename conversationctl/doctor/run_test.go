package doctor_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
)

// want is an expected finding.
type want struct {
	level doctor.Level
	check string
	text  string // part of the finding
}

func failure(check, text string) want { return want{doctor.LevelFailure, check, text} }
func warning(check, text string) want { return want{doctor.LevelWarning, check, text} }

func TestAWorldInWhichAllIsWellHasNoWarning(t *testing.T) {
	t.Parallel()
	findings := newWorld(t).run()
	var checks []string
	for _, finding := range findings {
		assert.Equal(t, doctor.LevelOK, finding.Level, finding)
		checks = append(checks, finding.Check)
	}
	assert.Equal(t, []string{
		"credentials", "project", "region", "app", "app.mode", "app.retention", "app.rates", "app.queue", "channels",
		"webhooks", "webhook.triggers", "webhook.secret", "webhook.target", "callback", "clock", "versions",
	}, checks)
}

// TestTheCauseOfEachBrokenWorldComesFirst checks that the first finding is the first of the expected ones, that the other
// expected ones are there, and that nothing else is a failure.
func TestTheCauseOfEachBrokenWorldComesFirst(t *testing.T) {
	t.Parallel()
	for _, worlds := range [][]brokenWorld{
		credentialsWorlds, projectWorlds, apiWorlds, regionWorlds, appWorlds, webhookWorlds, targetWorlds, callbackWorlds, clockWorlds, combinedWorlds,
	} {
		for _, world := range worlds {
			t.Run(world.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				world.broken(w)
				assertFindings(t, world.wants, w.run())
			})
		}
	}
}

// brokenWorld is a world with causes, of which the first expected finding names the first.
type brokenWorld struct {
	name   string
	broken func(w *world)
	wants  []want
}

func assertFindings(t *testing.T, wants []want, findings []doctor.Finding) {
	t.Helper()
	first := findings[0]
	assert.Equal(t, wants[0].level, first.Level, first)
	assert.Equal(t, wants[0].check, first.Check, first)
	assert.Contains(t, first.String(), wants[0].text)
	rest := slices.Clone(findings)
	for _, want := range wants {
		at := slices.IndexFunc(rest, want.matches)
		if assert.GreaterOrEqual(t, at, 0, "%v is missing in %v", want, findings) {
			rest = slices.Delete(rest, at, at+1)
		}
	}
	for _, finding := range rest {
		assert.NotEqual(t, doctor.LevelFailure, finding.Level, finding)
	}
	assert.True(t, slices.IsSortedFunc(findings, func(a, b doctor.Finding) int { return severity(b) - severity(a) }), "%v", findings)
}

func (w want) matches(f doctor.Finding) bool {
	return f.Level == w.level && f.Check == w.check && strings.Contains(f.String(), w.text)
}

func severity(f doctor.Finding) int {
	return slices.Index([]doctor.Level{doctor.LevelOK, doctor.LevelWarning, doctor.LevelFailure}, f.Level)
}

func TestAClientThatIsNilIsAnError(t *testing.T) {
	t.Parallel()
	findings, err := doctor.Run(t.Context(), nil, doctor.Options{})
	require.ErrorContains(t, err, "the client is nil")
	assert.Empty(t, findings)
}

func TestFindingsShowNoPathOfAnAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:1/pathToken", "http://localhost:1/pathToken/v1"} {
		client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("ID", "SECRET"), conversation.WithBaseURL(address))
		require.NoError(t, err)
		for _, app := range []string{"", appID} {
			findings, err := doctor.Run(t.Context(), client, doctor.Options{AppID: app})
			require.NoError(t, err)
			for _, finding := range findings {
				assert.NotContains(t, finding.String(), "pathToken")
			}
		}
	}
}

func TestRunReturnsTheErrorOfTheContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.eu.NewClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	findings, err := doctor.Run(ctx, client, w.opts)
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, findings)
}

func TestAnAppThatIsTheOnlyOneNeedNotBeChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.opts.AppID = ""
	for _, finding := range w.run() {
		assert.Equal(t, doctor.LevelOK, finding.Level, finding)
	}
}

func TestWithoutTargetsAndTriggersNothingIsAskedOfReceivers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.noWebhooks()
	w.answer(500)
	w.opts.CallbackURL, w.opts.SkipTargets, w.opts.Triggers = "", true, []conversation.WebhookTrigger{}
	for _, finding := range w.run() {
		assert.Equal(t, doctor.LevelOK, finding.Level, finding)
	}
}
