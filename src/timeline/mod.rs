//! The run as lanes over time. Lanes are drawn on a canvas; labels, pins and the playhead are
//! elements, so that they can be named, focused and moved without drawing anything anew.

mod brush;
mod canvas;
mod card;
mod labels;
mod marks;
mod minimap;
mod overlay;
mod rows;
mod strips;

use crate::panels::{Answer, Part};
use crate::platform::frame::Frame;
use crate::platform::observe;
use crate::range::Range;
use crate::store::{Action, Pane, Target, Theme};
use crate::time_tools::{TimeTools, Tool};
use crate::ui::{use_ui, Order, Ui};
use readyz_engine::time::Instant;
use readyz_engine::view::RunView;
use rows::Rows;
use std::rc::Rc;
use web_sys::{Element, HtmlCanvasElement, PointerEvent, WheelEvent};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub run: Option<Rc<RunView>>,
    pub range: Range,
    pub end: Instant,
    pub selected: Option<Target>,
    pub theme: Theme,
    pub tools: TimeTools,
    /// How many lanes of a comparison are folded, as they are alike.
    pub folded: Option<u32>,
}

/// Size of the plot, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
    /// How far the rows are scrolled.
    pub scrolled: f64,
}

/// Pixels as `paint` reads them: whole numbers need no parser of floats.
fn tenths(pixels: f64) -> u32 {
    (pixels * 10.0) as u32
}

/// The lanes with their ruler.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let ui = use_ui();
    let texts = ui.texts();
    let body = use_node_ref();
    let plot = use_node_ref();
    let ruler = use_node_ref();
    let (canvas, drag) = (use_node_ref(), use_memo((), |()| Default::default()));
    let size = use_state_eq(Size::default);
    let rows = {
        let run = props.run.clone();
        let target = props.selected.clone();
        use_memo(
            (run, target, props.folded.is_some()),
            |(run, target, pairs)| {
                let rows = |run: &Rc<RunView>| Rows::new(run, target.as_ref(), *pairs);
                run.as_ref().map_or_else(Rows::default, rows)
            },
        )
    };

    use_measured(&body, &plot, size.clone());
    use_drawn(&canvas, props, &rows, *size);

    let scrub = use_scrub(&ruler, props.range);
    let pointed = use_state_eq(|| None::<card::Pointed>);
    let on_point = use_pointing(
        &plot,
        props,
        &rows,
        *size,
        pointed.clone(),
        scrub.moved.clone(),
    );
    let on_leave = {
        let pointed = pointed.clone();
        Callback::from(move |_: PointerEvent| pointed.set(None))
    };
    let on_wheel = wheel(ui.order.clone());
    let scroll = {
        let size = size.clone();
        Callback::from(move |event: Event| {
            let scrolled = event.target_unchecked_into::<Element>().scroll_top();
            size.set(Size {
                scrolled: f64::from(scrolled),
                ..*size
            });
        })
    };
    let range = props.range;
    let live = format!("{} {} {}", range.from.0, range.to.0, tenths(size.width));
    html! {
        <>
            <minimap::Minimap run={props.run.clone()} {range} end={props.end} theme={props.theme} />
            <div class="ruler-row">
                <div class="corner">{ open_records(&ui) }</div>
                <div ref={ruler} id="ruler" class="ruler" role="slider" tabindex="0"
                    aria-label={texts.playhead} aria-valuemin="0"
                    aria-valuemax={format!("{:.1}", props.end.as_millis() as f64 / 1e3)}
                    aria-valuenow="0" data-live="slider" onkeydown={slider_keys(ui.order.clone())}
                    onpointerdown={scrub.down.clone()} onpointermove={scrub.moved.clone()}
                    onpointerup={scrub.up.clone()} onpointercancel={scrub.up.clone()}
                    onwheel={on_wheel.clone()}>
                    { overlay::ruler(range, size.width) }
                    <div class="playhead-flag mono" data-live={format!("playhead {live}")}>
                        <span data-live="clock">{ "0:00.0" }</span>
                    </div>
                </div>
                { marks::marks(&ui, &props.tools, range, size.width) }
            </div>
            <div ref={body} class="rows" onscroll={scroll}>
                <div class="labels">
                    { labels::labels(&ui, &rows, *size) }
                    { for props.folded.and_then(|count| labels::folded(&ui, count)) }
                </div>
                <div ref={plot} class="plot" id="plot"
                    onpointerdown={scrub.down} onpointermove={on_point}
                    onpointerup={scrub.up.clone()} onpointercancel={scrub.up}
                    onpointerleave={on_leave} onwheel={on_wheel}>
                    <canvas ref={canvas} aria-hidden="true" />
                    <div class="veil recorded" data-live={format!("playhead {live}")} />
                    <div class="veil predicted" data-live={format!("edge {live}")} />
                    { for (!rows.names.is_empty()).then(|| overlay::predicted(texts)) }
                    { overlay::pins(&ui, props.run.as_deref(), range, size.width, &drag) }
                    <div class="playhead" data-live={format!("playhead {live}")} />
                    if let Some(pointed) = (*pointed).clone() {
                        <card::Card {pointed} size={*size} />
                    }
                </div>
            </div>
        </>
    }
}

/// What the canvas shows is a table elsewhere.
fn open_records(ui: &Ui) -> Html {
    let tell = ui.tell.clone();
    let open = Callback::from(move |_: MouseEvent| {
        tell.emit(Action::Panel(Answer::Part(Part::Records)));
        tell.emit(Action::PaneOpened(Pane::Describe));
    });
    html! {
        <button type="button" class="skip" id="open-records" onclick={open}>
            { ui.texts().look.open_records }
        </button>
    }
}

/// The wheel with Ctrl zooms, with Shift it pans.
fn wheel(order: Callback<Order>) -> Callback<WheelEvent> {
    Callback::from(move |event: WheelEvent| {
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            order.emit(Order::Zoom {
                closer: event.delta_y() < 0.0,
            });
        } else if event.shift_key() || event.delta_x().abs() > event.delta_y().abs() {
            let by = if event.delta_x() == 0.0 {
                event.delta_y()
            } else {
                event.delta_x()
            };
            event.prevent_default();
            order.emit(Order::Pan(by as i64));
        }
    })
}

/// Keeps the size up to date, and has the page painted anew when it changes.
#[hook]
fn use_measured(body: &NodeRef, plot: &NodeRef, size: UseStateHandle<Size>) {
    let body = body.clone();
    let plot = plot.clone();
    let order = use_ui().order;
    {
        let order = order.clone();
        use_effect_with(*size, move |_| order.emit(Order::Repaint));
    }
    use_effect_with((), move |()| {
        let subscription = body.cast::<Element>().map(|element| {
            let measured = element.clone();
            observe::size(&element, move || {
                if let Some(plot) = plot.cast::<Element>() {
                    size.set(Size {
                        width: plot.get_bounding_client_rect().width(),
                        height: f64::from(measured.client_height()),
                        scrolled: f64::from(measured.scroll_top()),
                    });
                }
            })
        });
        move || drop(subscription)
    });
}

/// Draws the canvas when what it shows has changed: never for the playhead.
#[hook]
fn use_drawn(canvas: &NodeRef, props: &TimelineProps, rows: &Rc<Rows>, size: Size) {
    let language = use_ui().language;
    let drawn = {
        let canvas = canvas.clone();
        let rows = rows.clone();
        let run = props.run.clone();
        let range = props.range;
        move || {
            if let (Some(canvas), Some(run)) = (canvas.cast::<HtmlCanvasElement>(), &run) {
                canvas::draw(&canvas, run, &rows, range, size, &language.texts().look);
            }
        }
    };
    let again = drawn.clone();
    let (holder, theme) = (use_mut_ref(|| None::<Frame>), use_mut_ref(|| None::<Theme>));
    use_effect_with(
        (
            props.run.clone(),
            rows.clone(),
            props.range,
            size,
            language,
            props.theme,
        ),
        move |(.., now)| {
            if theme.replace(Some(*now)) == Some(*now) {
                *holder.borrow_mut() = None;
                return drawn();
            }
            if crate::platform::dom::media("print") {
                drawn(); // no frame comes before the paper
            }
            // The theme's tokens hold only after the effect that sets it: draw at the next frame.
            let frame = Frame::new(move |_| drawn());
            frame.ask();
            *holder.borrow_mut() = Some(frame);
        },
    );
    use_effect_with(
        (props.run.clone(), props.range, size, language),
        move |_| {
            let subscription = observe::on_media("(prefers-color-scheme: dark)", again);
            move || drop(subscription)
        },
    );
}

struct Scrub {
    down: Callback<PointerEvent>,
    moved: Callback<PointerEvent>,
    up: Callback<PointerEvent>,
}

/// Dragging moves the playhead, with Shift it spans the loop; where the pointer is, somebody may press.
#[hook]
fn use_scrub(ruler: &NodeRef, range: Range) -> Scrub {
    let Ui { order, tell, .. } = use_ui();
    let held = use_mut_ref(|| false);
    let begun = use_mut_ref(|| None::<Instant>);
    let moment = {
        let ruler = ruler.clone();
        move |event: &PointerEvent| {
            let rect = ruler.cast::<Element>()?.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
            let nanos = share.clamp(0.0, 1.0) * range.span().0 as f64;
            Some(Instant(range.from.0 + nanos as u64))
        }
    };
    let seek = {
        let begun = begun.clone();
        let order = order.clone();
        let moment = moment.clone();
        move |event: &PointerEvent| {
            let Some(at) = moment(event) else { return };
            if event.shift_key() {
                let from = *begun.borrow_mut().get_or_insert(at);
                tell.emit(Action::Tool(Tool::LoopBetween(from, at)));
            } else {
                order.emit(Order::Seek(at));
            }
        }
    };
    let down = {
        let held = held.clone();
        let seek = seek.clone();
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            *held.borrow_mut() = true;
            *begun.borrow_mut() = None;
            // The target, not the current one: Yew listens at the root.
            if let Some(target) = event.target_dyn_into::<Element>() {
                let _ = target.set_pointer_capture(event.pointer_id());
            }
            seek(&event);
        })
    };
    let moved = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            if *held.borrow() {
                seek(&event);
            } else if let Some(at) = moment(&event) {
                order.emit(Order::Foresee(at));
            }
        })
    };
    let up = Callback::from(move |_: PointerEvent| *held.borrow_mut() = false);
    Scrub { down, moved, up }
}

/// Finds the run under the pointer; while a button is held the pointer scrubs instead.
#[hook]
fn use_pointing(
    plot: &NodeRef,
    props: &TimelineProps,
    rows: &Rc<Rows>,
    size: Size,
    pointed: UseStateHandle<Option<card::Pointed>>,
    scrub: Callback<PointerEvent>,
) -> Callback<PointerEvent> {
    let plot = plot.clone();
    let rows = rows.clone();
    let run = props.run.clone();
    let range = props.range;
    Callback::from(move |event: PointerEvent| {
        scrub.emit(event.clone());
        if event.buttons() != 0 {
            pointed.set(None);
            return;
        }
        let (Some(plot), Some(run)) = (plot.cast::<Element>(), &run) else {
            return;
        };
        let rect = plot.get_bounding_client_rect();
        let place = (
            f64::from(event.client_x()) - rect.left(),
            f64::from(event.client_y()) - rect.top(),
        );
        pointed.set(card::pointed(run, &rows, range, size, place));
    })
}

/// The slider's own keys; those of the whole page do the same.
fn slider_keys(order: Callback<Order>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let step = match (event.shift_key(), event.alt_key()) {
            (true, _) => 10_000,
            (_, true) => 100,
            _ => 1_000,
        };
        let wish = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => Order::SeekBy(-step),
            "ArrowRight" | "ArrowUp" => Order::SeekBy(step),
            "Home" => Order::Seek(Instant::ZERO),
            "End" => Order::LiveEdge,
            " " => Order::PlayOrPause,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        order.emit(wish);
    })
}
