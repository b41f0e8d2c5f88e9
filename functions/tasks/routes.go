package function

import (
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// routes lists all routes of the function. POST / is for CloudEvents that do not come through the gateway.
func (f *Function) routes() http.Handler {
	rt := &httpapi.Router{Compressed: true}
	rt.Route("POST /api/todos", f.tokens.Scoped(token.ScopeWrite, f.create))
	rt.Route("GET /api/todos", f.tokens.Scoped(token.ScopeRead, f.list))
	rt.Route("POST /api/todos/batch", f.tokens.Scoped(token.ScopeWrite, f.batch))
	rt.Route("POST /api/todos/parse", f.tokens.Scoped(token.ScopeRead, f.parse))
	rt.Route("POST /api/todos/quick", f.tokens.Scoped(token.ScopeWrite, f.quick))
	rt.Route("POST /api/todos/recurrence-preview", f.tokens.Scoped(token.ScopeRead, f.preview))
	rt.Route("GET /api/todos/counts", f.tokens.Scoped(token.ScopeRead, f.counts))
	rt.Route("GET /api/todos/usage", f.tokens.Scoped(token.ScopeRead, f.usage))
	rt.Route("GET /api/todos/trash", f.tokens.Scoped(token.ScopeRead, f.trash))
	rt.Route("DELETE /api/todos/trash", f.tokens.Scoped(token.ScopeWrite, f.emptyTrash))
	rt.Route("DELETE /api/todos/trash/{id}", f.tokens.Scoped(token.ScopeWrite, f.purge))
	rt.Route("GET /api/todos/{id}", f.tokens.Scoped(token.ScopeRead, f.get))
	rt.Route("PUT /api/todos/{id}", f.tokens.Scoped(token.ScopeWrite, f.replace))
	rt.Route("PATCH /api/todos/{id}", f.tokens.Scoped(token.ScopeWrite, f.patch))
	rt.Route("DELETE /api/todos/{id}", f.tokens.Scoped(token.ScopeWrite, f.delete))
	rt.Route("PATCH /api/todos/{id}/complete", f.tokens.Scoped(token.ScopeWrite, f.complete))
	rt.Route("POST /api/todos/{id}/skip", f.tokens.Scoped(token.ScopeWrite, f.skip))
	rt.Route("POST /api/todos/{id}/restore", f.tokens.Scoped(token.ScopeWrite, f.restore))
	rt.Route("GET /api/todos/{id}/history", f.tokens.Scoped(token.ScopeRead, f.taskHistory))
	rt.Route("GET /api/todos/{id}/comments", f.tokens.Scoped(token.ScopeRead, f.comments))
	rt.Route("POST /api/todos/{id}/comments", f.tokens.Scoped(token.ScopeWrite, f.addComment))
	rt.Route("PATCH /api/todos/{id}/comments/{comment}", f.tokens.Scoped(token.ScopeWrite, f.editComment))
	rt.Route("DELETE /api/todos/{id}/comments/{comment}", f.tokens.Scoped(token.ScopeWrite, f.deleteComment))
	rt.Route("GET /api/todos/comment-counts", f.tokens.Scoped(token.ScopeRead, f.commentCounts))
	rt.Route("GET /api/history", f.tokens.Scoped(token.ScopeRead, f.history))
	rt.Route("POST /api/history/{id}/undo", f.tokens.Scoped(token.ScopeWrite, f.undo))
	labels{f, label.Project, "/api/projects"}.route(rt)
	labels{f, label.Section, "/api/sections"}.route(rt)
	labels{f, label.Tag, "/api/tags"}.route(rt)
	rt.Route("GET /api/views", f.tokens.Scoped(token.ScopeRead, f.views))
	rt.Route("PUT /api/views/{id}", f.tokens.Scoped(token.ScopeWrite, f.saveView))
	rt.Route("DELETE /api/views/{id}", f.tokens.Scoped(token.ScopeWrite, f.deleteView))
	rt.Route("GET /api/preferences", f.tokens.Scoped(token.ScopeRead, f.preferences))
	rt.Route("PUT /api/preferences", f.tokens.Scoped(token.ScopeWrite, f.setPreferences))
	rt.Route("POST /api/events", f.tokens.Scoped(token.ScopeWrite, f.event))
	rt.Route("POST /{$}", f.tokens.Scoped(token.ScopeWrite, f.event))
	return rt
}

// taskID reads the id in the path. A malformed id is treated as not found.
func taskID(r *http.Request) (uuid.UUID, error) {
	id, ok := task.ParseID(r.PathValue("id"))
	if !ok {
		return uuid.Nil, fault.New(fault.NotFound, "there is no such task")
	}
	return id, nil
}
