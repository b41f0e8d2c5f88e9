package verdict

import "taskwire.dev/e2e/client"

// stream checks that each sequence came once and in order, from the first greeting to the end of the log; only
// sync.reset excuses a gap, up to where it says that the stream continues, and nothing excuses another user's entry.
func (j *judge) stream(frames []Frame, log []Event) {
	var epoch string
	var at int64
	begun := false
	for i, f := range frames {
		if epoch == client.NoEpoch {
			epoch = f.Epoch
		}
		switch f.Event {
		case Hello:
			// A stream resumes where it was, unless a reset follows.
			switch reset := i+1 < len(frames) && frames[i+1].Event == Reset; {
			case !begun || reset:
			case f.Seq > at || f.Epoch != epoch:
				j.say(Gap, "a stream was at %d and is greeted at %d", at, f.Seq)
			case f.Seq < at:
				j.say(Doubled, "a stream was at %d and is greeted at %d", at, f.Seq)
			}
			epoch, at, begun = f.Epoch, f.Seq, true
			continue
		case Reset:
			epoch, at = f.Epoch, f.Seq
			continue
		}
		if f.User != j.user {
			j.say(Leaked, "a stream delivers number %d of user %s", f.Seq, f.User)
			continue
		}
		switch {
		case f.Seq == at, f.Seq < at && begun:
			j.say(Doubled, "a stream delivers number %d after %d", f.Seq, at)
		case f.Seq != at+1 || f.Epoch != epoch:
			j.say(Gap, "a stream delivers number %d after %d", f.Seq, at)
		}
		epoch, at = f.Epoch, f.Seq
		if f.Seq < 1 || f.Seq > int64(len(log)) {
			j.say(Wrong, "a stream delivers number %d of a log of %d", f.Seq, len(log))
			continue
		}
		if e := log[f.Seq-1]; e.Task != f.Task || e.Type != f.Type {
			j.say(Wrong, "a stream delivers number %d as %s of task %s, the log has %s of %s", f.Seq, f.Type, f.Task, e.Type, e.Task)
		}
	}
	if at != int64(len(log)) {
		j.say(Lost, "a stream ends at %d of %d", at, len(log))
	}
}
