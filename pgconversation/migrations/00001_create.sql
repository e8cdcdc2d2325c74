-- The tables of github.com/sinchgo/conversation/pgconversation. The form is that of goose, which Atlas and pgconversation.Migrate read too.

-- +goose Up

CREATE TABLE conversation_outbox (
    id              text        COLLATE "C" NOT NULL,
    state           text        COLLATE "C" NOT NULL DEFAULT 'queued',
    at              timestamptz NOT NULL DEFAULT now(), -- when the state or the delivery began
    app             text        COLLATE "C" NOT NULL,
    grp             text        COLLATE "C" NOT NULL DEFAULT '',
    priority        smallint    NOT NULL DEFAULT 0,
    queue           text        NOT NULL DEFAULT '',    -- of River, or empty for its default
    due             timestamptz NOT NULL DEFAULT now(), -- not sent before
    before          timestamptz,                        -- not sent any more from then on
    job             bigint      NOT NULL,               -- ID of the River job that may send it
    sum             bytea       NOT NULL,               -- SHA-256 of the message
    message         bytea,                              -- JSON as it is sent; NULL once it is not needed any more
    attempts        integer     NOT NULL DEFAULT 0,
    token           bigint      NOT NULL DEFAULT 0,     -- of the latest attempt
    message_id      text        NOT NULL DEFAULT '',
    reason          text        NOT NULL DEFAULT '',
    delivery        text        NOT NULL DEFAULT '',
    delivery_rank   smallint    NOT NULL DEFAULT 0,
    delivery_reason text        NOT NULL DEFAULT '',
    PRIMARY KEY (id)
) WITH (fillfactor = 70);

-- By the primary key: InsertTx, Get, Settle, Retry, Cancel, the attempts of a worker, and delivery reports.

-- List, which merges the states if it has none, and the due entries of Overview. Of Upkeep, attempts that have lasted too long, settled entries that
-- are older than the retention, and queued entries without a River job. Count of all entries and Overview read the whole table.
CREATE INDEX conversation_outbox_state ON conversation_outbox (state, at, id);
-- List and Count of a group.
CREATE INDEX conversation_outbox_grp ON conversation_outbox (grp, state, at, id) WHERE grp <> '';

-- Read and locked by its primary key, with one row for each app, and written a few times a second.
CREATE TABLE conversation_pace (
    scope   text        COLLATE "C" NOT NULL,      -- 'project', or 'app:' and its id
    next    timestamptz NOT NULL DEFAULT 'epoch',  -- no request is granted before
    until   timestamptz NOT NULL DEFAULT 'epoch',  -- of an app: no request before, because of a 429; of the project: end of granted
    granted bytea       NOT NULL DEFAULT '',       -- of the project: requests granted in each cell of time from next on, in 2 bytes
    PRIMARY KEY (scope)
) WITH (fillfactor = 50);

-- +goose Down

DROP TABLE conversation_pace;
DROP TABLE conversation_outbox;
