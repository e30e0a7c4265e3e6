//! The component for Yew hosts.

use std::rc::Rc;

use yew::prelude::*;

use super::host::{Callbacks, HostEvent, HostPress};
use super::mount::{Mount, MountKind};
use super::store::Store;
use crate::core::settings::attributes::{Attributes, Credentials, Density, Theme};
use crate::core::state::Action;
use crate::services::shadow;

/// The class of the component's element on the page.
const CLASS: &str = "ob-restore-tasks";

/// The restore tasks of a cluster, for Yew hosts. A prop that is left out has the default of the element's
/// attribute.
#[derive(Properties, PartialEq, Clone)]
pub struct RestoreTasksProps {
    /// The id of the OceanBase cluster in OCP.
    pub cluster_id: i64,
    /// What precedes `/api/v2/…` in the URL of a request; empty means the same origin.
    #[prop_or_default]
    pub base_url: AttrValue,
    /// The time range, such as `7d`, `2021-09-01/2021-09-30` or `all`.
    #[prop_or_default]
    pub range: AttrValue,
    /// Rows on a page, 1 to 2000.
    #[prop_or(20)]
    pub page_size: u32,
    /// The id of a column; `-` before it sorts in descending order.
    #[prop_or_default]
    pub sort: AttrValue,
    /// A filter, in the filter language.
    #[prop_or_default]
    pub filter: AttrValue,
    /// The ids of the columns, separated by spaces.
    #[prop_or_default]
    pub columns: AttrValue,
    /// Seconds between automatic refreshes; 0 switches them off.
    #[prop_or(30)]
    pub refresh: u32,
    /// The zone in which times are shown: an IANA name, `UTC` or `local`.
    #[prop_or_default]
    pub time_zone: AttrValue,
    /// The language: `en`, `zh-CN` or `ja`. Empty means the language of the page.
    #[prop_or_default]
    pub lang: AttrValue,
    /// Light, dark, or the setting of the system.
    #[prop_or_default]
    pub theme: Theme,
    /// The height of a row.
    #[prop_or_default]
    pub density: Density,
    /// The largest number of rows that are loaded.
    #[prop_or(200_000)]
    pub max_rows: u32,
    /// Whether automatic refresh is paused.
    #[prop_or_default]
    pub paused: bool,
    /// Which cookies go with a request.
    #[prop_or_default]
    pub credentials: Credentials,
    /// A URL template for the link to an OCP job; `{ocpJobId}` in it stands for the id of the job.
    #[prop_or_default]
    pub job_href: AttrValue,
    /// Where the page's URL keeps the view: `query`, `hash` or `none`.
    #[prop_or_default]
    pub url_sync: AttrValue,
    /// The prefix of the view's parameters in the URL.
    #[prop_or_default]
    pub url_key: AttrValue,
    /// The name under which `localStorage` keeps preferences and named views. Empty: nothing is stored.
    #[prop_or_default]
    pub storage_key: AttrValue,
    /// The strip above the table: `auto`, `on` or `off`.
    #[prop_or_default]
    pub overview: AttrValue,
    /// Single-key shortcuts such as `/` and `r`: `on` or `off`.
    #[prop_or_default]
    pub shortcuts: AttrValue,
    /// Called for each event.
    #[prop_or_default]
    pub on_event: Callback<HostEvent>,
    /// Called when a person opens a task or follows one of its links. Return `false` to prevent the default
    /// action.
    #[prop_or_default]
    pub on_press: Option<Callback<HostPress, bool>>,
}

impl RestoreTasksProps {
    fn raw(&self) -> Attributes {
        let texts = [
            ("base-url", &self.base_url),
            ("range", &self.range),
            ("sort", &self.sort),
            ("filter", &self.filter),
            ("columns", &self.columns),
            ("time-zone", &self.time_zone),
            ("lang", &self.lang),
            ("job-href", &self.job_href),
            ("url-sync", &self.url_sync),
            ("url-key", &self.url_key),
            ("storage-key", &self.storage_key),
            ("overview", &self.overview),
            ("shortcuts", &self.shortcuts),
        ];
        let given = texts.into_iter().filter(|(_, value)| !value.is_empty());
        let mut raw: Attributes = given
            .map(|(name, value)| (name.to_owned(), value.to_string()))
            .collect();
        raw.insert("cluster-id".into(), self.cluster_id.to_string());
        raw.insert("page-size".into(), self.page_size.to_string());
        raw.insert("refresh".into(), self.refresh.to_string());
        raw.insert("theme".into(), self.theme.name().into());
        raw.insert("density".into(), self.density.name().into());
        raw.insert("max-rows".into(), self.max_rows.to_string());
        raw.insert("credentials".into(), self.credentials.name().into());
        if self.paused {
            raw.insert("paused".into(), String::new());
        }
        if self.lang.is_empty()
            && let Some(lang) = shadow::page_lang()
        {
            raw.insert("lang".into(), lang);
        }
        raw
    }
}

/// The component: a `<div class="ob-restore-tasks">` with a shadow root that contains its own style sheet.
/// The page themes it with the same custom properties and parts as the element, on that class.
#[component]
pub fn RestoreTasks(props: &RestoreTasksProps) -> Html {
    let store = use_memo((), |()| {
        let store = Store::new();
        // A Yew host's module is not split: every part is loaded.
        store.dispatch(Action::LazyPartLoaded);
        store
    });
    {
        let store = Store::clone(&store);
        // Depends on the attributes, not on the props: a callback that is new at each render must not
        // configure the store again.
        use_effect_with(props.raw(), move |raw| store.configure(raw.clone()));
    }
    {
        let store = Store::clone(&store);
        use_effect_with((), move |()| move || store.close());
    }
    // Before the effects run, because they may send events at once.
    use_memo(
        (props.on_event.clone(), props.on_press.clone()),
        |(on_event, on_press)| store.set_host(Rc::new(Callbacks::new(on_event, on_press))),
    );
    let mount = use_memo((), |()| Mount::take(MountKind::YewHost, || shadow::place(CLASS)));
    {
        let (store, mount) = (Store::clone(&store), Rc::clone(&mount));
        use_effect_with((), move |()| {
            if let Some(mount) = &*mount {
                mount.enter(store);
            }
            move || {
                if let Some(mount) = &*mount {
                    mount.leave();
                }
            }
        });
    }
    mount
        .as_ref()
        .as_ref()
        .map_or_else(Html::default, |mount| Html::VRef(mount.element().clone().into()))
}
