package relay

import "time"

// RememberFor shortens the retentions below the minimum of the options, for tests.
func (r *Relay) RememberFor(d time.Duration) { r.config.retention, r.config.callbacks = d, d }
