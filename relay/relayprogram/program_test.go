package relayprogram

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

func TestStatusIsATable(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.enqueue(t, "SHOP", "one", relay.StateQueued)
	p.enqueue(t, "SHOP", "two", relay.StateUnknown)
	p.enqueue(t, "BANK", "three", relay.StateAccepted)

	p.pause(t, "SHOP", time.Now().Add(time.Hour))

	got := invoke(t, "-dir", p.dir, "status")

	require.Zero(t, got.code, got.stderr)
	assert.Empty(t, got.stderr)
	assert.Regexp(t, `^APP   queued  attempting  accepted  rejected  unknown  dropped  cancelled  expired  later  oldest  a second  pauses for
BANK  0       0           1         0         0        0        0          0        0      -       -         -
SHOP  1       0           0         0         1        0        0          0        0      \d+s      20\.0      (59m59|1h0m0)s
all   1       0           1         0         1        0        0          0        0      \d+s

Inbox: 0 waiting, the oldest for -; 0 kept for replay\.
Dead letters: 0\.
$`, got.stdout)
}

func TestStatusIsJSONForMachines(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.enqueue(t, "SHOP", "one", relay.StateQueued)
	for _, args := range [][]string{{"-json", "-dir", p.dir, "status"}, {"status", "-json", "-dir", p.dir}} {
		got := invoke(t, args...)
		require.Zero(t, got.code, got.stderr)
		var view relay.Overview
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &view))
		assert.Equal(t, map[relay.State]int{relay.StateQueued: 1}, view.States)
		require.Len(t, view.Apps, 1)
		assert.Equal(t, "SHOP", view.Apps[0].App)
		assert.False(t, view.Apps[0].Oldest.IsZero())
	}
}

func TestWithoutARunningProcessTheFolderIsOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, err := relay.Open(t.Context(), embedded.Dir(dir))
	require.NoError(t, err)

	got := invoke(t, "-dir", dir, "status")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, dir)
	assert.Contains(t, got.stderr, "embedded.WithListen")

	r.Close()
	got = invoke(t, "-dir", dir, "status")
	assert.Zero(t, got.code, got.stderr)
	assert.Contains(t, got.stdout, "Dead letters: 0.")
}

func TestAServerIsNamedByFlagOrEnvironment(t *testing.T) {
	p := start(t)
	content, err := os.ReadFile(filepath.Join(p.dir, "engine.json"))
	require.NoError(t, err)
	var address struct {
		URL string `json:"url"`
	}
	require.NoError(t, json.Unmarshal(content, &address))

	got := invoke(t, "-server", address.URL, "status")
	assert.Zero(t, got.code, got.stderr)
	t.Setenv("NATS_URL", address.URL)
	got = invoke(t, "status")
	assert.Zero(t, got.code, got.stderr)
	p.relay.Close()
}

func TestATargetIsNeeded(t *testing.T) {
	t.Setenv("NATS_URL", "")
	got := invoke(t, "status")
	assert.Equal(t, exitUsage, got.code)
	assert.Contains(t, got.stderr, "neither -dir nor -server")
}

func TestTheCommandCreatesNothing(t *testing.T) {
	t.Parallel()
	p := start(t)
	got := invoke(t, "-dir", p.dir, "-prefix", "other", "status")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, `"other"`)

	missing := filepath.Join(t.TempDir(), "missing")
	got = invoke(t, "-dir", missing, "status")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "the folder has no engine")
	assert.NoDirExists(t, missing)
}

func TestAnEngineThatCannotBeReachedIsAnError(t *testing.T) {
	t.Parallel()
	got := invoke(t, "-server", "nats://user:s3cret@127.0.0.1:1", "status")
	assert.Equal(t, exitFailed, got.code)
	assert.Contains(t, got.stderr, "check the address, and that the server runs")
	assert.NotContains(t, got.stderr, "s3cret")
}

func TestAnEndedContextEndsTheCommand(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Equal(t, exitFailed, invokeWith(ctx, "-dir", p.dir, "status").code)
}

func TestIncorrectUsageIsExitCode2WithTheFix(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"nothing":          {nil, "no command"},
		"no such command":  {[]string{"stats"}, "unknown command"},
		"half a command":   {[]string{"dead"}, "list, show or retry"},
		"other half":       {[]string{"unknown", "show"}, "list or settle"},
		"no such flag":     {[]string{"-dead", "status"}, "-dead"},
		"two targets":      {[]string{"-dir", "x", "-server", "y", "status"}, "keep one"},
		"creds of a dir":   {[]string{"-dir", "x", "-creds", "y", "status"}, "-creds is for -server"},
		"bad address":      {[]string{"-server", "nats://u:s3cret@%", "status"}, "-server is not an address"},
		"argument":         {[]string{"-dir", "x", "status", "now"}, "status accepts flags only"},
		"show what":        {[]string{"-dir", "x", "dead", "show"}, "requires one number"},
		"show no number":   {[]string{"-dir", "x", "dead", "show", "one"}, "by its number"},
		"retry what":       {[]string{"-dir", "x", "dead", "retry"}, "or -all"},
		"retry too much":   {[]string{"-dir", "x", "dead", "retry", "-all", "1"}, "or -all"},
		"retry no number":  {[]string{"-dir", "x", "dead", "retry", "0"}, "by its number"},
		"since when":       {[]string{"-dir", "x", "replay"}, "-since"},
		"since tomorrow":   {[]string{"-dir", "x", "replay", "-since", "-1h"}, "-since"},
		"replay argument":  {[]string{"-dir", "x", "replay", "1h"}, "flags only"},
		"settle how":       {[]string{"-dir", "x", "unknown", "settle", "one"}, "-as accepted"},
		"settle what":      {[]string{"-dir", "x", "unknown", "settle", "-as", "drop"}, "the IDs"},
		"list what":        {[]string{"-dir", "x", "list", "one"}, "show prints one entry"},
		"list state":       {[]string{"-dir", "x", "list", "-state", "sent"}, "-state is not a state: use queued, "},
		"list limit":       {[]string{"-dir", "x", "list", "-limit", "-1"}, "-limit is negative"},
		"show one":         {[]string{"-dir", "x", "show"}, "show requires one ID"},
		"cancel what":      {[]string{"-dir", "x", "cancel"}, "cancel requires IDs, -group, -app or both, or -all"},
		"cancel too much":  {[]string{"-dir", "x", "cancel", "one", "-all"}, "keep one kind"},
		"cancel all of":    {[]string{"-dir", "x", "cancel", "-all", "-group", "sale"}, "keep one"},
		"retry which":      {[]string{"-dir", "x", "retry", "-group", "sale"}, "-state rejected or -state dropped"},
		"retry accepted":   {[]string{"-dir", "x", "retry", "-state", "accepted"}, "-state rejected or -state dropped"},
		"retry both":       {[]string{"-dir", "x", "retry", "one", "-state", "rejected"}, "keep one kind"},
		"pause what":       {[]string{"-dir", "x", "pause"}, "pause requires -group, -app or both, or -all"},
		"resume an ID":     {[]string{"-dir", "x", "resume", "one"}, "resume accepts flags only"},
		"rate of what":     {[]string{"-dir", "x", "rate", "5"}, "rate requires -group"},
		"rate how":         {[]string{"-dir", "x", "rate", "-group", "sale"}, "requires the requests a second"},
		"rate no number":   {[]string{"-dir", "x", "rate", "-group", "sale", "fast"}, "0.6 to 1000000"},
		"rate too low":     {[]string{"-dir", "x", "rate", "-group", "sale", "0.1"}, "0.6 to 1000000"},
		"rate NaN":         {[]string{"-dir", "x", "rate", "-group", "sale", "NaN"}, "0.6 to 1000000"},
		"groups argument":  {[]string{"-dir", "x", "groups", "sale"}, "groups accepts flags only"},
		"watch two":        {[]string{"-dir", "x", "watch", "one", "two"}, "watch accepts one ID"},
		"watch both":       {[]string{"-dir", "x", "watch", "one", "-group", "sale"}, "keep one"},
		"watch until when": {[]string{"-dir", "x", "watch", "one", "-until", "sent"}, "-until is not accepted, delivered or read"},
		"until without ID": {[]string{"-dir", "x", "watch", "-until", "read"}, "-until is for the ID"},
		"too often":        {[]string{"-dir", "x", "watch", "-interval", "1ms"}, "-interval is below 100ms"},
		"settle otherwise": {[]string{"-dir", "x", "unknown", "settle", "-as", "sent", "one"}, "-as accepted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := invoke(t, test.args...)
			assert.Equal(t, exitUsage, got.code)
			assert.Contains(t, got.stderr, test.want)
			assert.Contains(t, got.stderr, "-h")
			assert.NotContains(t, got.stderr, "s3cret")
			assert.Empty(t, got.stdout)
		})
	}
}

func TestHelpNamesEveryCommandAndFlag(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-h"}, {"status", "-h"}} {
		got := invoke(t, args...)
		assert.Zero(t, got.code)
		for name := range commands {
			assert.Regexp(t, "(?m)^"+name+"  ", got.stderr)
			assert.Contains(t, got.stderr, "conversation-relay [flags] "+name)
		}
		for _, want := range []string{"-dir", "-server", "-creds", "-prefix", "-json", "-yes", "exit code"} {
			assert.Contains(t, got.stderr, want)
		}
	}
}

func TestTheMessagesHaveTheNameOfTheCaller(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{"tool relay [flags] status": {"-h"}, "tool relay: no command": nil, "tool relay: -dir x:": {"-dir", "x", "status"}} {
		var stderr strings.Builder
		Main(t.Context(), "tool relay", args, strings.NewReader(""), io.Discard, &stderr)
		assert.Contains(t, stderr.String(), want)
		assert.NotContains(t, stderr.String(), "conversation-relay")
	}
}

func TestFlagsAndArgumentsMayBeInAnyOrder(t *testing.T) {
	t.Parallel()
	c := new(call)
	_, err := c.parse([]string{"cancel", "one", "-yes", "-dir", "x", "two", "--", "-three"})
	require.NoError(t, err)
	assert.Equal(t, []string{"one", "two", "-three"}, c.args)
	assert.True(t, c.yes)
	assert.Equal(t, "x", c.dir)
}

func TestACellCannotBreakTheTableOrTheTerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, table(&out, []string{"A", "B"}, []string{"x\ty\x1b[2J", ""}))
	assert.Equal(t, "A              B\n\"x\\ty\\x1b[2J\"  -\n", out.String())
}
