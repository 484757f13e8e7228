"""The URLs of the pages."""

from django.urls import path

from interchange.briefing import downloads as briefings
from interchange.exports import downloads
from pages.audit import views as audit
from pages.bodies import views as bodies
from pages.bulk import change_views as bulk_changes
from pages.bulk import views as bulk
from pages.calendar import feed_views as calendar_feeds
from pages.calendar import views as calendar
from pages.comparison import views as comparison
from pages.demo_mail import views as demo_mail
from pages.detail import deadline_views, mending_views, merge_views, progress_views, transition_views
from pages.detail import views as detail
from pages.editing import commitment_views as edit_commitment
from pages.editing import record_views as edit_records
from pages.imports import views as imports
from pages.levels import views as levels
from pages.listing import preferences, saved_view_views
from pages.listing import views as listing
from pages.meetings import views as meetings
from pages.overview import views as overview
from pages.password_reset import views as password_reset
from pages.people import views as people
from pages.printing import views as printing
from pages.queue import previews
from pages.queue import views as queue
from pages.recording import candidate_views, meeting_views, text_views
from pages.reports import views as reports
from pages.search import views as search
from pages.sources import paper_views, paragraph_views
from pages.sources import views as sources
from pages.watching import views as watching

urlpatterns = [
    *briefings.urlpatterns,
    path("", overview.overview, name="overview"),
    path("figures/", overview.figures, name="overview_figures"),
    path("first-steps/themes/", overview.starter_themes, name="starter_themes"),
    path("commitments/", listing.commitments, name="commitments"),
    path("commitments/figures/", listing.figures, name="commitment_figures"),
    path("commitments/choices/<slug:part>/", listing.choices, name="commitment_choices"),
    path("commitments/export.csv", downloads.export_csv, name="export_csv"),
    path("commitments/export.xlsx", downloads.export_xlsx, name="export_xlsx"),
    path("commitments/export.json", downloads.export_json, name="export_json"),
    path("commitments/print/", printing.print_page, name="print_commitments"),
    path("commitments/views/", saved_view_views.views, name="saved_views"),
    path("commitments/views/new/", saved_view_views.new, name="saved_view_new"),
    path("commitments/views/default/", saved_view_views.default, name="default_view"),
    path("commitments/views/columns/", preferences.columns, name="list_columns"),
    path("commitments/views/density/", preferences.density, name="list_density"),
    path("commitments/views/<int:pk>/", saved_view_views.view, name="saved_view"),
    path("commitments/views/<int:pk>/edit/", saved_view_views.edit, name="saved_view_edit"),
    path("commitments/views/<int:pk>/update/", saved_view_views.update, name="saved_view_update"),
    path("commitments/views/<int:pk>/copy/", saved_view_views.copy, name="saved_view_copy"),
    path("commitments/views/<int:pk>/delete/", saved_view_views.delete, name="saved_view_delete"),
    path("commitments/bulk/", bulk.jobs, name="bulk_jobs"),
    path("commitments/bulk/new/", bulk.new, name="bulk_new"),
    path("commitments/bulk/<int:pk>/", bulk.job, name="bulk_job"),
    path("commitments/bulk/<int:pk>/move/<str:name>/", bulk.move, name="bulk_move"),
    path("commitments/bulk/<int:pk>/assign/", bulk_changes.change, {"name": "assign"}, name="bulk_assign"),
    path("commitments/bulk/<int:pk>/change/<str:name>/", bulk_changes.change, name="bulk_change"),
    path("commitments/bulk/<int:pk>/take-back/", bulk_changes.take_back, name="bulk_take_back"),
    path("commitments/bulk/<int:pk>/run/", bulk.run, name="bulk_run"),
    path("commitments/bulk/<int:pk>/stop/", bulk.halt, name="bulk_stop"),
    path("commitments/bulk/<int:pk>/again/", bulk.again, name="bulk_again"),
    path("commitments/find/", detail.find, name="find_commitments"),
    path("commitments/<str:reference>/", detail.commitment, name="commitment"),
    path("commitments/<str:reference>/merge/", merge_views.merge_with, name="merge"),
    path("commitments/<str:reference>/merge/<int:pk>/undo/", merge_views.undo, name="undo_merge"),
    path("commitments/<str:reference>/edit/", edit_commitment.commitment, name="edit_commitment"),
    path("commitments/<str:reference>/edit/agencies/", edit_commitment.agency, name="assign_agency"),
    path(
        "commitments/<str:reference>/edit/agencies/<slug:slug>/",
        edit_commitment.agency,
        name="edit_agency",
    ),
    path("commitments/<str:reference>/edit/<str:name>/", edit_commitment.part, name="edit_part"),
    path(
        "commitments/<str:reference>/transitions/<str:name>/", transition_views.transition, name="transition"
    ),
    path(
        "commitments/<str:reference>/entered-in-error/",
        mending_views.entered_in_error,
        name="entered_in_error",
    ),
    path(
        "commitments/<str:reference>/classification/",
        levels.level,
        {"kind": "commitment"},
        name="commitment_level",
    ),
    path("meetings/<slug:slug>/classification/", levels.level, {"kind": "meeting"}, name="meeting_level"),
    path("sources/<slug:slug>/classification/", levels.level, {"kind": "source"}, name="source_level"),
    path("classifications/", levels.waiting, name="downgrades"),
    path("commitments/<str:reference>/days/", mending_views.days, name="correct_day"),
    path("commitments/<str:reference>/progress/", progress_views.progress, name="progress"),
    path("commitments/<str:reference>/deadline/", progress_views.deadline, name="deadline"),
    path(
        "commitments/<str:reference>/deadline/<int:number>/",
        deadline_views.decision,
        name="deadline_decision",
    ),
    path("commitments/<str:reference>/evidence/", progress_views.evidence, name="evidence"),
    path("commitments/<str:reference>/readings/", progress_views.readings, name="readings"),
    path("commitments/<str:reference>/evidence/<int:pk>/", detail.evidence_file, name="evidence_file"),
    path(
        "commitments/<str:reference>/evidence/<int:pk>/withdrawal/",
        progress_views.withdrawal,
        name="withdrawal",
    ),
    path("commitments/<str:reference>/evidence/<int:pk>/preview/", previews.preview, name="evidence_preview"),
    path("calendar/", calendar.month, name="calendar"),
    path("calendar/feeds/", calendar_feeds.feeds, name="calendar_feeds"),
    path("calendar/feeds/<int:pk>/revoke/", calendar_feeds.revoke, name="calendar_feed_revoke"),
    path("calendar/<str:token>.ics", calendar_feeds.feed, name="calendar_feed"),
    path("reports/", reports.reports, name="reports"),
    path("reports/ask/", reports.ask_reports, name="ask_reports"),
    path("reports/<int:pk>/withdraw/", reports.withdraw, name="withdraw_report_request"),
    path("reports/answer/<str:key>/", reports.answer_report, name="answer_report"),
    path("imports/", imports.imports, name="imports"),
    path("imports/template.xlsx", imports.template_file, name="import_template"),
    path("imports/<int:pk>/", imports.show, name="import"),
    path("imports/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("imports/<int:pk>/read/", imports.read, name="import_read"),
    path("imports/<int:pk>/names/", imports.names, name="import_names"),
    path("imports/<int:pk>/rows/", imports.rows, name="import_rows"),
    path("imports/<int:pk>/start/", imports.start, name="import_start"),
    path("imports/<int:pk>/run/", imports.run, name="import_run"),
    path("imports/<int:pk>/stop/", imports.halt, name="import_stop"),
    path("imports/<int:pk>/take-back/", imports.take_back, name="import_take_back"),
    path("imports/<int:pk>/refused.xlsx", imports.refused_file, name="import_refused"),
    path("accounts/lost-password/", password_reset.ask, name="password_reset"),
    path("watching/", watching.watching, name="watching"),
    path("watching/change/", watching.change, name="watching_change"),
    path("watching/unsubscribe/<str:key>/", watching.stop_mail, name="unsubscribe"),
    path("demo/mail/", demo_mail.mails, name="demo_mails"),
    path("demo/mail/<str:key>/", demo_mail.mail, name="demo_mail"),
    path("demo/mail/<str:key>/html/", demo_mail.html_part, name="demo_mail_html"),
    path("queue/", queue.queue, name="queue"),
    path("queue/<str:reference>/", queue.item, name="queue_item"),
    path("search/", search.search, name="search"),
    path("search/found/", search.found, name="search_found"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/record/", meeting_views.record, name="record"),
    path("meetings/<slug:slug>/edit/", edit_records.record, {"kind": "meeting"}, name="edit_meeting"),
    path("meetings/<slug:slug>/", meetings.meeting, name="meeting"),
    path("meetings/<slug:slug>/record/<slug:source>/", text_views.text, name="record_text"),
    path("meetings/<slug:slug>/record/<slug:source>/summary/", text_views.summary, name="record_summary"),
    path(
        "meetings/<slug:slug>/record/<slug:source>/nothing/",
        text_views.nothing_in_many,
        name="record_nothing_in_many",
    ),
    path("meetings/<slug:slug>/record/<slug:source>/delete/", text_views.delete, name="record_delete"),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/",
        text_views.paragraph,
        name="record_paragraph",
    ),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/mentions/",
        text_views.mention,
        name="record_mention",
    ),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/mentions/<int:pk>/take-back/",
        text_views.undo_mention,
        name="record_take_back",
    ),
    path(
        "meetings/<slug:slug>/record/<slug:source>/<int:number>/nothing/",
        text_views.nothing,
        name="record_nothing",
    ),
    path("meetings/<slug:slug>/record/<slug:source>/<int:number>/new/", text_views.new, name="record_new"),
    path("meetings/<slug:slug>/record/<slug:source>/read/", candidate_views.read, name="record_read"),
    *(
        path(
            f"meetings/<slug:slug>/record/<slug:source>/<int:number>/candidates/<int:pk>/{name}/",
            view,
            name=f"record_candidate_{name}",
        )
        for name, view in (
            ("accept", candidate_views.accept),
            ("new", candidate_views.new),
            ("refuse", candidate_views.refuse),
            ("split", candidate_views.split),
            ("join", candidate_views.join),
        )
    ),
    path("mechanisms/", bodies.mechanisms, name="mechanisms"),
    path("mechanisms/<slug:slug>/edit/", edit_records.record, {"kind": "mechanism"}, name="edit_mechanism"),
    path("mechanisms/<slug:slug>/", bodies.mechanism, name="mechanism"),
    path("mechanisms/<slug:slug>/compare/", comparison.sessions, name="mechanism_compare"),
    path("agencies/", bodies.agencies, name="agencies"),
    path("agencies/<slug:slug>/edit/", edit_records.record, {"kind": "agency"}, name="edit_agency"),
    path("agencies/<slug:slug>/", bodies.agency, name="agency"),
    path("countries/", bodies.countries, name="countries"),
    path("countries/<str:code>/edit/", edit_records.record, {"kind": "country"}, name="edit_country"),
    path("countries/<str:code>/", bodies.country, name="country"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export.csv", audit.export, name="audit_export"),
    path("people/", people.people, name="people"),
    path("people/<slug:slug>/", people.person, name="person"),
    path("people/<slug:slug>/edit/", edit_records.record, {"kind": "person"}, name="edit_person"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/paragraphs/<int:number>/", paragraph_views.paragraph, name="paragraph"),
    path("sources/<slug:slug>/edit/", edit_records.record, {"kind": "source"}, name="edit_source"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("sources/<slug:slug>/papers/", paper_views.papers, name="papers"),
    path("sources/<slug:slug>/papers/<int:pk>/", paper_views.paper, name="paper"),
    path("sources/<slug:slug>/papers/<int:pk>/preview/", paper_views.preview, name="paper_preview"),
    path("sources/<slug:slug>/papers/<int:pk>/withdrawal/", paper_views.withdrawal, name="paper_withdrawal"),
]
