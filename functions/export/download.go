package function

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/bsm/redislock"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/export"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/token"
)

const (
	// measureTime is how long one request may measure the archive. The gateway waits 25 s for the beginning of an answer.
	measureTime = 15 * time.Second
	// lease is longer than one answer takes: func-go's server ends it after 30 s, and the client goes on from there.
	lease = 35 * time.Second
	// retryAfter is when another try may find the user's other export ended.
	retryAfter = 5 * time.Second
)

// requests limits a user's requests. A long archive takes one for each measureTime, and then one for each 25 s of its download.
var requests = ratelimit.Limit{Burst: 30, Every: 20 * time.Second}

// download sends the user's archive, or a part of it: http.ServeContent does what RFC 9110 says of ranges and their conditions.
func (f *Function) download(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	asOf, err := parseAsOf(r)
	if err != nil {
		return err
	}
	if wait := f.limiter.Take(r.Context(), "requests:"+who.UserID.String(), requests); wait > 0 {
		return &fault.Error{Code: fault.RateLimited, Detail: "too many exports; try again later", RetryAfter: wait}
	}
	leave, err := f.enter(r.Context(), who.UserID)
	if err != nil {
		return err
	}
	defer leave()
	archive, err := export.Prepare(r.Context(), f.readAs(who), who.UserID, asOf, &f.key)
	if err != nil {
		return err
	}
	layout, err := f.measure(r.Context(), archive)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", archive.Name()))
	h.Set("Content-Location", "/api/export?as_of="+strconv.FormatInt(archive.Seq(), 10))
	h.Set("ETag", `"`+archive.Tag()+`"`)
	h.Set("Cache-Control", "no-store")
	if err := checkRange(r, h, layout.Size()); err != nil {
		return err
	}
	content := export.NewContent(r.Context(), archive, layout)
	defer content.Close()
	http.ServeContent(w, r, "", time.Time{}, content)
	if err := content.Err(); err != nil && r.Context().Err() == nil {
		slog.WarnContext(r.Context(), "an export ended early", "error", err)
	}
	return nil
}

// oneRange is one range from an offset on. Others are ignored, as RFC 9110, 14.2, allows: for several the archive would be written
// several times.
var oneRange = regexp.MustCompile(`^bytes=([0-9]{1,15})-([0-9]{0,15})$`)

// checkRange refuses a range behind the end. http.ServeContent would send plain text.
func checkRange(r *http.Request, h http.Header, size int64) error {
	asked := oneRange.FindStringSubmatch(r.Header.Get("Range"))
	if asked == nil || invalid(asked[1], asked[2]) {
		r.Header.Del("Range")
		return nil
	}
	if same := r.Header.Get("If-Range"); same != "" && same != h.Get("ETag") {
		return nil // it gets the whole of what is there now
	}
	if from, err := strconv.ParseInt(asked[1], 10, 64); err != nil || from >= size {
		h.Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		return fault.New(fault.RangeUnsatisfiable, "the export has %d bytes", size)
	}
	return nil
}

// invalid reports whether a range ends before it begins, which RFC 9110, 14.1.1, calls invalid: it is ignored, too.
func invalid(first, last string) bool {
	from, _ := strconv.ParseInt(first, 10, 64)
	to, err := strconv.ParseInt(last, 10, 64)
	return err == nil && to < from
}

func parseAsOf(r *http.Request) (int64, error) {
	values, err := httpapi.Query(r)
	if err != nil {
		return 0, err
	}
	var fs fault.Fields
	var asOf int64
	httpapi.Parameters(&fs, values, "as_of")
	if values.Has("as_of") {
		if asOf, err = strconv.ParseInt(values.Get("as_of"), 10, 64); err != nil || asOf < 0 {
			fs.Add("/as_of", "must be a sequence of your log, as in the Content-Location of an export")
		}
	}
	return asOf, fs.Err()
}

// readAs returns how the archive of who is read: as that user, for as long as a personal access token is not revoked.
func (f *Function) readAs(who token.Principal) export.Read {
	return func(ctx context.Context, queue func(*pgx.Batch)) error { return postgres.Read(ctx, f.pool, who, queue) }
}

// enter admits one export of a user at a time, in all replicas together.
func (f *Function) enter(ctx context.Context, user uuid.UUID) (leave func(), err error) {
	if !f.places.TryAcquire(1) {
		return nil, &fault.Error{Code: fault.Unavailable, Detail: "others are exporting at the moment; try again soon", RetryAfter: retryAfter}
	}
	lock, err := f.locks.Obtain(ctx, "export:running:"+user.String(), lease, nil)
	if errors.Is(err, redislock.ErrNotObtained) {
		f.places.Release(1)
		return nil, &fault.Error{Code: fault.RateLimited, Detail: "another export of yours is running; wait until it is done", RetryAfter: retryAfter}
	}
	return func() {
		if lock != nil {
			_ = lock.Release(context.WithoutCancel(ctx)) // else when the lease ends
		}
		f.places.Release(1)
	}, nil
}

// measure returns the archive's layout. A long archive takes several requests, each of which goes on where the one before ended.
func (f *Function) measure(ctx context.Context, archive *export.Archive) (*export.Layout, error) {
	layout, ok := f.layouts.Get(archive.Tag())
	if !ok {
		layout = &export.Layout{}
		f.layouts.Add(archive.Tag(), layout)
	}
	ctx, cancel := context.WithTimeout(ctx, f.measureTime)
	defer cancel()
	err := archive.Measure(ctx, layout)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, &fault.Error{
			Code: fault.Preparing, Detail: fmt.Sprintf("%d kB of the export are ready; send the request again to go on", layout.Known()>>10),
			RetryAfter: time.Second, Cause: err,
		}
	}
	return layout, err
}
