package browsertest

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestASendFromTheOfficialNodeSDKAppearsOnThePhone runs the program that the page shows for Node.
func TestASendFromTheOfficialNodeSDKAppearsOnThePhone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/setup")
	p.click("tab", "Node")
	p.find("heading", "@sinch/sdk-core")
	program := evaluate[string](p, `document.querySelector("[role=tabpanel] pre").innerText`)
	output, err := exec.CommandContext(t.Context(), "node", "--input-type=module", "--eval", program).CombinedOutput()
	require.NoError(t, err, "%s\n%s", output, noModules)

	require.Len(t, f.Sent(), 1)
	id := f.Sent()[0].MessageID
	p.goTo("phone")
	p.inMessage(id, "Your parcel has arrived.")
	p.ticks(id, "Queued")
}

// TestTheCommandOfThePageSendsAMessage runs the command that the page shows before there is a message.
func TestTheCommandOfThePageSendsAMessage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	p.waitFor("No messages yet")
	command := evaluate[string](p, `document.querySelector("pre[aria-label=Command]").innerText`)
	output, err := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(command, "curl", "curl --silent --show-error --fail", 1)).CombinedOutput()
	require.NoError(t, err, "%s", output)
	p.waitFor("Hello from curl")
}

func TestTheSetupHoldsWhatAClientNeeds(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/setup")
	values := map[string][]string{
		"Environment": {f.ProjectID(), f.KeyID(), f.KeySecret(), f.AppID(), f.BaseURL(), f.BatchURL(), f.TokenURL()},
		"Go":          {f.ProjectID(), f.KeyID(), f.KeySecret(), f.AppID(), f.BaseURL(), f.BatchURL(), f.TokenURL()},
		"Java":        {f.ProjectID(), f.KeyID(), f.KeySecret(), f.AppID(), f.BaseURL(), f.TokenURL()},
		"Python":      {f.ProjectID(), f.KeyID(), f.KeySecret(), f.AppID(), f.BaseURL()},
		".NET":        {f.ProjectID(), f.KeyID(), f.KeySecret(), f.AppID(), f.BaseURL()},
	}
	for language, wanted := range values {
		p.click("tab", language)
		p.waitUntil(`document.querySelector("[role=tab][aria-selected=true]").innerText === ` + quoted(language))
		code := evaluate[string](p, `[...document.querySelectorAll("[role=tabpanel] pre")].map((e) => e.innerText).join("\n")`)
		for _, value := range wanted {
			require.Contains(t, code, value, language)
		}
	}

	// The environment is that of a shell: the Go SDK reads it.
	p.click("tab", "Environment")
	p.find("heading", "For a shell")
	code := evaluate[string](p, `document.querySelector("[role=tabpanel] pre").innerText`)
	output, err := exec.CommandContext(t.Context(), "sh", "-c", code+"\nenv").CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "SINCH_CONVERSATION_BASE_URL="+f.BaseURL()+"\n")

	f.send(conversation.ChannelSMS, number, text("Not only the setup"))
	p.goTo("phone")
	p.waitFor("Not only the setup")
}
