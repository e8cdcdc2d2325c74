package doctor_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
)

// complete is an environment in which all is well.
var complete = map[string]string{
	"SINCH_PROJECT_ID": projectID, "SINCH_KEY_ID": keyID, "SINCH_KEY_SECRET": keySecret, "SINCH_CONVERSATION_REGION": "eu",
}

var settingsWorlds = []struct {
	name    string
	changes map[string]string
	wants   []want
}{
	{"all is well", nil, []want{{doctor.LevelOK, "settings", "complete and valid"}}},
	{"SINCH_REGION alone", map[string]string{"SINCH_CONVERSATION_REGION": "", "SINCH_REGION": "BR"}, []want{{doctor.LevelOK, "settings", "complete"}}},
	{"no project", map[string]string{"SINCH_PROJECT_ID": ""}, []want{failure("settings", "SINCH_PROJECT_ID is not set")}},
	{"no key", map[string]string{"SINCH_KEY_ID": "", "SINCH_KEY_SECRET": " "}, []want{
		failure("settings", "SINCH_KEY_ID is not set"), failure("settings", "SINCH_KEY_SECRET is not set"),
	}},
	{"no region", map[string]string{"SINCH_CONVERSATION_REGION": ""}, []want{failure("settings", "SINCH_CONVERSATION_REGION is not set")}},
	{"an unknown region", map[string]string{"SINCH_CONVERSATION_REGION": "asia"}, []want{
		failure("settings", "SINCH_CONVERSATION_REGION is not one of its values: set it to us, eu, br"),
	}},
	{"an unknown region in the other variable", map[string]string{"SINCH_CONVERSATION_REGION": "", "SINCH_REGION": "asia"}, []want{
		failure("settings", "SINCH_REGION is not one of its values"),
	}},
	{"two regions", map[string]string{"SINCH_REGION": "us"}, []want{
		warning("settings", "SINCH_CONVERSATION_REGION is eu, and SINCH_REGION is us: the first is used"),
	}},
	{"a base URL of another region", map[string]string{"SINCH_CONVERSATION_BASE_URL": "https://us.conversation.api.sinch.com"}, []want{
		warning("settings", "is the address of us, and the region is eu"),
	}},
	{"white space around the secret", map[string]string{"SINCH_KEY_SECRET": keySecret + "\r\n"}, []want{
		warning("settings", "SINCH_KEY_SECRET has white space around it"),
	}},
	{"white space inside the secret", map[string]string{"SINCH_KEY_SECRET": "hush hush"}, []want{
		failure("settings", "SINCH_KEY_SECRET contains white space"),
	}},
	{"white space inside the project id", map[string]string{"SINCH_PROJECT_ID": "0a1b 2c3d"}, []want{
		failure("settings", "SINCH_PROJECT_ID contains white space"),
	}},
	{"an invisible character", map[string]string{"SINCH_KEY_ID": "\ufeff" + keyID}, []want{
		failure("settings", "SINCH_KEY_ID contains an invisible character (U+FEFF, a byte order mark)"),
	}},
	{"quotes", map[string]string{"SINCH_KEY_SECRET": `"hush"`, "SINCH_CONVERSATION_REGION": "'eu'"}, []want{
		failure("settings", "SINCH_KEY_SECRET is in quotes: remove them"), failure("settings", "SINCH_CONVERSATION_REGION is in quotes"),
	}},
	{"a quote", map[string]string{"SINCH_KEY_SECRET": `"`}, []want{failure("settings", "SINCH_KEY_SECRET is in quotes")}},
	{"an app id in place of the project id", map[string]string{"SINCH_PROJECT_ID": "01EB37HMF1M0NE0000000000AA"}, []want{
		warning("settings", "SINCH_PROJECT_ID looks like the id of an app"),
	}},
	{"the app in place of the project", map[string]string{"SINCH_APP_ID": projectID}, []want{
		warning("settings", "SINCH_PROJECT_ID and SINCH_APP_ID are the same"),
	}},
	{"the key id in place of the project id", map[string]string{"SINCH_PROJECT_ID": keyID}, []want{
		warning("settings", "SINCH_PROJECT_ID and SINCH_KEY_ID are the same"),
	}},
	{"an e-mail address in place of the project id", map[string]string{"SINCH_PROJECT_ID": "me@shop.example"}, []want{
		warning("settings", "looks like an e-mail address"),
	}},
	{"an unknown dialect", map[string]string{"SINCH_CONVERSATION_DIALECT": "klingon"}, []want{
		failure("settings", "SINCH_CONVERSATION_DIALECT is not one of its values"),
	}},
	{"the dialect of openapi.yaml for Sinch", map[string]string{"SINCH_CONVERSATION_DIALECT": "OpenAPI"}, []want{
		warning("settings", "SINCH_CONVERSATION_DIALECT is openapi"),
	}},
	{"a base URL that is not one", map[string]string{"SINCH_CONVERSATION_BASE_URL": "eu.conversation.api.sinch.com"}, []want{
		failure("settings", "SINCH_CONVERSATION_BASE_URL must be an absolute URL"),
	}},
	{"a base URL with http", map[string]string{"SINCH_CONVERSATION_BASE_URL": "http://fake.example"}, []want{
		failure("settings", "SINCH_CONVERSATION_BASE_URL uses http"),
	}},
	{"a base URL with http, which is accepted", map[string]string{
		"SINCH_CONVERSATION_BASE_URL": "http://fake.example", "SINCH_CONVERSATION_INSECURE_HTTP": "TRUE",
	}, []want{warning("settings", "SINCH_CONVERSATION_INSECURE_HTTP is set")}},
	{"addresses that are not URLs", map[string]string{
		"SINCH_TEMPLATES_BASE_URL": "t", "SINCH_BATCH_BASE_URL": "b", "SINCH_TOKEN_URL": "ftp://auth.sinch.com",
	}, []want{
		failure("settings", "SINCH_TEMPLATES_BASE_URL must"), failure("settings", "SINCH_BATCH_BASE_URL must"), failure("settings", "SINCH_TOKEN_URL must use https"),
	}},
	{"neither true nor false", map[string]string{"SINCH_CONVERSATION_INSECURE_HTTP": "yes"}, []want{
		failure("settings", "SINCH_CONVERSATION_INSECURE_HTTP is not one of its values"),
	}},
}

func TestSettingsNamesWhatIsWrongInTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, world := range settingsWorlds {
		t.Run(world.name, func(t *testing.T) {
			t.Parallel()
			findings := doctor.Settings(lookupIn(world.changes))
			checkFindings(t, findings)
			assertFindings(t, world.wants, findings)
			assert.Len(t, findings, len(world.wants), "%v", findings)
		})
	}
}

// lookupIn returns the lookup of the complete environment with changes.
func lookupIn(changes map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := changes[name]; ok {
			return value, true
		}
		value, ok := complete[name]
		return value, ok
	}
}

func TestSettingsFailsWhereNewClientFromEnvFails(t *testing.T) {
	for _, name := range []string{
		"SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION", "SINCH_REGION", "SINCH_CONVERSATION_BASE_URL",
		"SINCH_TEMPLATES_BASE_URL", "SINCH_BATCH_BASE_URL", "SINCH_TOKEN_URL", "SINCH_CONVERSATION_DIALECT", "SINCH_CONVERSATION_INSECURE_HTTP",
	} {
		t.Setenv(name, "")
	}
	for _, world := range settingsWorlds {
		t.Run(world.name, func(t *testing.T) {
			for name, value := range complete {
				t.Setenv(name, value)
			}
			for name, value := range world.changes {
				t.Setenv(name, value)
			}
			_, err := conversation.NewClientFromEnv()
			if err != nil {
				assert.Equal(t, doctor.LevelFailure, doctor.Settings(lookupIn(world.changes))[0].Level, err)
			}
		})
	}
}
