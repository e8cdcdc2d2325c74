package embedded

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/internal/option"
)

func TestEachAnswerIsSyncedByDefault(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]Option{nil, {WithSyncEvery(time.Minute)}} {
		chosen, err := option.Apply(opDir, defaultSettings(), opts)
		require.NoError(t, err)
		engine, err := start(t.TempDir(), chosen, &serverLog{to: chosen.logger})
		require.NoError(t, err)
		config := engine.JetStreamConfig()
		shutDown(engine)
		assert.Equal(t, opts == nil, config.SyncAlways)
		if opts != nil {
			assert.Equal(t, time.Minute, config.SyncInterval)
		}
	}
}
