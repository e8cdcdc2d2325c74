-- +goose Up

CREATE TABLE conversation_callbacks (
    key      text        COLLATE "C" NOT NULL,                   -- webhook.DeduperKey of the body
    state    text        COLLATE "C" NOT NULL DEFAULT 'waiting', -- waiting, handled or dead
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),     -- when the state began
    received timestamptz NOT NULL DEFAULT clock_timestamp(),
    job      bigint      NOT NULL,                               -- ID of the latest River job that handles it
    tries    integer     NOT NULL DEFAULT 0,                     -- of a dead one
    reason   text        NOT NULL DEFAULT '',                    -- of a dead one
    body     bytea,                                              -- as it was received; NULL once it is handled
    header   jsonb,                                              -- of the signature and the content type; NULL once it is handled
    PRIMARY KEY (key)
) WITH (fillfactor = 70);

-- Dead, Counts, callbacks whose job has ended, retention.
CREATE INDEX conversation_callbacks_state ON conversation_callbacks (state, at, key);

CREATE TABLE conversation_deduper (
    key        text        COLLATE "C" NOT NULL,
    committed  boolean     NOT NULL DEFAULT false,
    token      bigint      NOT NULL,                            -- of the call that marked it as in flight
    began      timestamptz NOT NULL DEFAULT clock_timestamp(),
    keep_until timestamptz NOT NULL,
    PRIMARY KEY (key)
) WITH (fillfactor = 70);

-- What is kept no longer.
CREATE INDEX conversation_deduper_keep_until ON conversation_deduper (keep_until);

-- +goose Down

DROP TABLE conversation_deduper;
DROP TABLE conversation_callbacks;
