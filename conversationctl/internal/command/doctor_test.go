package command

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
)

func TestDoctorRejectsFlagsThatItCannotFollow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"an address without a scheme":  {[]string{"--callback-url", "shop.example.com", "--secret-env", "HOME"}, "--callback-url must be a URL such as https://"},
		"a scheme that is not http":    {[]string{"--callback-url", "ftp://shop.example.com", "--secret-env", "HOME"}, "--callback-url must be a URL such as https://"},
		"a receiver without a secret":  {[]string{"--callback-url", "https://shop.example.com"}, "--callback-url requires --secret-env"},
		"a variable that is not set":   {[]string{"--secret-env", "SHOP_SECRET"}, "--secret-env: the environment variable that it names is not set"},
		"no trigger and one":           {[]string{"--trigger", "none", "--trigger", "OPT_IN"}, "--trigger has an unknown trigger"},
		"a trigger that is not a name": {[]string{"--trigger", "message delivery"}, "--trigger has an unknown trigger"},
		"a misspelled trigger":         {[]string{"--trigger", "MESSAGE_DELIVERED"}, "MESSAGE_DELIVERY"},
		"a channel that is not a name": {[]string{"--channel", "+12025550123"}, "--channel has an unknown channel"},
		"a misspelled channel":         {[]string{"--channel", "WHATSUP"}, "WHATSAPP"},
		"no time":                      {[]string{"--timeout", "0s"}, "--timeout must be positive"},
		"an argument":                  {[]string{"APP"}, "accepts no argument"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ctl{}.run(t, append([]string{"doctor"}, tt.args...)...)
			assert.Equal(t, exitUsage, got.code)
			assert.Contains(t, got.stderr, tt.want)
			assert.Empty(t, got.stdout)
		})
	}
}

func TestMissingVariablesAreFindings(t *testing.T) {
	t.Parallel()
	got := ctl{}.run(t, "doctor")
	assert.Equal(t, 2, got.code)
	for _, variable := range []string{"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION"} {
		assert.Regexp(t, "(?m)^failure: settings: "+variable+" is not set: set it to", got.stdout)
	}
	assert.Equal(t, "4 failures, 0 warnings, 0 ok.\n", got.stderr)
}

func TestFindingsAreOneObjectALine(t *testing.T) {
	t.Parallel()
	got := ctl{env: []string{"SINCH_PROJECT_ID=P", "SINCH_KEY_ID=K", "SINCH_KEY_SECRET=S"}}.run(t, "doctor", "--json")
	assert.Equal(t, 2, got.code)
	var finding map[string]string
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &finding), got.stdout)
	assert.Equal(t, "failure", finding["level"])
	assert.NotEmpty(t, finding["check"])
	assert.Contains(t, finding["message"]+finding["fix"], "SINCH_CONVERSATION_REGION")
}

func TestLevelsHaveColorsOnATerminalOnly(t *testing.T) {
	t.Parallel()
	const red = "\x1b[31mfailure\x1b[0m: "
	missing := ctl{env: []string{"SINCH_KEY_SECRET=S"}}
	screen, code := missing.terminal(t, "doctor").end(t)
	assert.Equal(t, 2, code)
	assert.Contains(t, screen, red)
	for _, plain := range []string{"NO_COLOR=1", "TERM=dumb"} {
		screen, _ := missing.with(plain).terminal(t, "doctor").end(t)
		assert.Equal(t, plain == "TERM=dumb", strings.Contains(screen, "\x1b"), "the terminal sets TERM itself")
	}
	assert.NotContains(t, missing.run(t, "doctor").stdout, "\x1b")
}

func TestAReportIsWorstFirstAndExitsWithTheWorstLevel(t *testing.T) {
	t.Parallel()
	var (
		ok      = doctor.Finding{Level: doctor.LevelOK, Check: "clock", Message: "differs by 1s"}
		warning = doctor.Finding{Level: doctor.LevelWarning, Check: "app.mode", Message: "is DISPATCH", Fix: "set a retention"}
		failure = doctor.Finding{Level: doctor.LevelFailure, Check: "region", Message: "is us", Fix: "set it to eu"}
	)
	for name, tt := range map[string]struct {
		findings     []doctor.Finding
		code         int
		out, summary string
	}{
		"well":     {[]doctor.Finding{ok, ok}, 0, "ok: clock: differs by 1s\nok: clock: differs by 1s\n", "0 failures, 0 warnings, 2 ok.\n"},
		"warnings": {[]doctor.Finding{ok, warning}, 1, "warning: app.mode: is DISPATCH: set a retention\nok: clock: differs by 1s\n", "0 failures, 1 warning, 1 ok.\n"},
		"failures": {[]doctor.Finding{warning, failure}, 2, "failure: region: is us: set it to eu\nwarning: app.mode: is DISPATCH: set a retention\n", "1 failure, 1 warning, 0 ok.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, notes strings.Builder
			e := &examination{program: &program{Console: &console.Console{Out: &out, Err: &notes}}}
			err := e.report(tt.findings)
			assert.Equal(t, tt.code, exitCode(err))
			assert.Equal(t, tt.out, out.String())
			assert.Equal(t, tt.summary, notes.String())
		})
	}
}
