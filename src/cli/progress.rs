//! Progress on stderr, once a step takes more than half a second: a bar on a terminal, otherwise one plain line per
//! step.

use std::{
    borrow::Cow,
    io::IsTerminal,
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_millis(500);

/// One step of the work, shown as long as the value lives.
pub struct Step {
    bar: ProgressBar,
    title: String,
    done: Option<Sender<()>>,
    clock: Option<JoinHandle<()>>,
}

impl Step {
    pub fn new(title: String) -> Step {
        Step::shown_by(title, std::io::stderr().is_terminal(), Arc::new(super::screen::tell))
    }

    fn shown_by(title: String, terminal: bool, plain: Arc<dyn Fn(&str) + Send + Sync>) -> Step {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(title.clone());
        let (done, finished) = mpsc::channel();
        let (shown, line) = (bar.clone(), title.clone());
        // A step may report nothing for a long time, so a timer of its own decides when to show the bar.
        let clock = std::thread::Builder::new().spawn(move || {
            if finished.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            if terminal {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(120));
            } else {
                plain(&line);
            }
        });
        Step { bar, title, done: Some(done), clock: clock.ok() }
    }

    /// Reports that `what` is being done, number `done` of `total`; a `total` of 0 means unknown.
    pub fn watch(&self, what: &str, done: usize, total: usize) {
        let message: Cow<str> =
            if what.is_empty() { (&self.title).into() } else { format!("{} {what}", self.title).into() };
        if total > 0 && self.bar.length() != Some(total as u64) {
            self.bar.set_length(total as u64);
            let style = ProgressStyle::with_template("{msg:.60} {bar:24} {pos}/{len}");
            style.into_iter().for_each(|style| self.bar.set_style(style));
        }
        self.bar.set_message(message.into_owned());
        self.bar.set_position(done as u64);
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.done = None;
        if let Some(clock) = self.clock.take() {
            let _ = clock.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_long_step_is_reported_once_and_a_short_one_not_at_all() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let plain = |lines: &Arc<Mutex<Vec<String>>>| {
            let lines = lines.clone();
            Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_string()))
        };
        let step = Step::shown_by("short".into(), false, plain(&lines));
        step.watch("a", 1, 2);
        drop(step);
        let step = Step::shown_by("long".into(), false, plain(&lines));
        while lines.lock().unwrap().is_empty() {
            step.watch("a", 1, 2);
            std::thread::sleep(Duration::from_millis(10));
        }
        drop(step);
        assert_eq!(*lines.lock().unwrap(), ["long"]);
    }
}
