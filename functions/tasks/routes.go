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
	read := func(pattern string, h token.Handler) { rt.Route(pattern, f.tokens.Scoped(token.ScopeRead, h)) }
	write := func(pattern string, h token.Handler, parameters ...string) {
		rt.Route(pattern, f.tokens.Scoped(token.ScopeWrite, token.Only(h, parameters...)))
	}
	write("POST /api/todos", f.create, "dry_run")
	read("GET /api/todos", f.list)
	write("POST /api/todos/batch", f.batch, "dry_run")
	rt.Route("POST /api/todos/parse", f.tokens.Scoped(token.ScopeRead, token.Only(f.parse)))
	write("POST /api/todos/quick", f.quick, "dry_run")
	rt.Route("POST /api/todos/recurrence-preview", f.tokens.Scoped(token.ScopeRead, token.Only(f.preview)))
	read("GET /api/todos/counts", f.counts)
	read("GET /api/todos/usage", f.usage)
	read("GET /api/todos/trash", f.trash)
	write("DELETE /api/todos/trash", f.emptyTrash, "dry_run")
	write("DELETE /api/todos/trash/{id}", f.purge, "dry_run")
	read("GET /api/todos/{id}", f.get)
	write("PUT /api/todos/{id}", f.replace, "scope", "dry_run")
	write("PATCH /api/todos/{id}", f.patch, "scope", "dry_run")
	write("DELETE /api/todos/{id}", f.delete, "scope", "dry_run")
	write("PATCH /api/todos/{id}/complete", f.complete, "dry_run")
	write("POST /api/todos/{id}/skip", f.skip, "dry_run")
	write("POST /api/todos/{id}/restore", f.restore, "dry_run")
	read("GET /api/todos/{id}/history", f.taskHistory)
	read("GET /api/todos/{id}/comments", f.comments)
	write("POST /api/todos/{id}/comments", f.addComment, "dry_run")
	write("PATCH /api/todos/{id}/comments/{comment}", f.editComment, "dry_run")
	write("DELETE /api/todos/{id}/comments/{comment}", f.deleteComment, "dry_run")
	read("GET /api/todos/comment-counts", f.commentCounts)
	read("GET /api/history", f.history)
	write("POST /api/history/{id}/undo", f.undo, "dry_run")
	labels{f, label.Project, "/api/projects"}.route(rt)
	labels{f, label.Section, "/api/sections"}.route(rt)
	labels{f, label.Tag, "/api/tags"}.route(rt)
	read("GET /api/views", token.Only(f.views))
	write("PUT /api/views/{id}", f.saveView)
	write("DELETE /api/views/{id}", f.deleteView)
	read("GET /api/preferences", f.preferences)
	write("PUT /api/preferences", f.setPreferences)
	write("POST /api/events", f.event)
	write("POST /{$}", f.event)
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
