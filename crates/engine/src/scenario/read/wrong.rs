//! Every way in which a Scenario document can be wrong. These are words of our own, never the API
//! server's, so that a page in another language can tell them in it.

/// An enum of problems, each with its sentence and its way out (empty: none); `{}` stands for what
/// comes with the case.
macro_rules! problems {
    ($($name:ident $message:literal, $way_out:literal;)*) => {
        /// A kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Wrong { $($name,)* }

        impl Wrong {
            /// All kinds.
            pub const ALL: &'static [Wrong] = &[$(Wrong::$name,)*];

            /// What is wrong, and what to do about it.
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Wrong::$name => ($message, $way_out),)* }
            }
        }
    };
}

problems! {
    Version "this version of the Scenario is not known", "use {}";
    Kind "this kind is not known in readyz.dev", "use Scenario";
    Missing "this field is missing", "";
    UnknownField "there is no such field in a Scenario", "known here: {}";
    MistypedField "there is no such field in a Scenario", "did you mean {}?";
    UnknownWord "the word {} is not known here", "one of: {}";
    MistypedWord "the word {} is not known here", "did you mean {}?";
    NoMap "a map is expected here", "write key: value";
    NoList "a list is expected here", "begin each entry with a dash";
    NoText "a text is expected here", "put it in quotes";
    NoScalar "a text or number is expected here", "";
    NoNumber "a number is expected here", "";
    NoWholeNumber "a whole number is expected here", "";
    Negative "a whole number, not below 0, is expected here", "";
    OutOfRange "this number is out of range", "";
    NoTruth "true or false is expected here", "";
    NoDuration "this is no duration", "write it as in 90s, 1m30s or 500ms";
    NoMoment "this is no moment on a whole second", "write it as in 2026-01-01T00:00:00Z";
    NoQuantity "this is no amount", "write it as in 500m, 64Mi or 1.5";
    NoRate "this is no rate", "requests a second, as in 5 or 0.5";
    NoPort "this is no port", "a number from 1 to 65535";
    NoPull "this is no way to pull", "one of: present, missing, denied, refused, or a duration such as 3s";
    NoHeader "this is no HTTP header", "a name such as X-Served-By, and a value on one line";
    NoStop "this is no way to stop", "write ignore, or {after: 5s, exitCode: 0}";
    NoServer "this image runs a shell, which serves nothing: it holds for an httpd that a container's command starts",
        "start httpd -f -p PORT in the command, or give the image a name of your own: then it is a server";
    NeverListens "this image waits for signals and never listens: it changes nothing",
        "give the image a name of your own: then it is a server";
    NoAct "a step needs something to do", "add one of exec, kill, file, http, delete, scale, …";
    SeveralActs "a step does one thing", "make a step of its own of each";
    NoSignal "this is no signal", "write KILL, TERM, INT, HUP, …";
    NoShare "this is no share", "write it as in 0.2 or 20%";
    NoPod "this names no Pod", "write a Pod's name, deployment/web#2, or labels such as app=web";
    NoWorkload "this is no workload", "write deployment, pod, …";
    NoWhen "an expectation needs its moment", "add at, by, always or never";
    SeveralWhens "an expectation has one moment", "keep one of at, by, always, never";
    NoSubject "an expectation needs its subject", "add pod, deployment, service, event or requests";
    NoCount "this is no number or bound", "write it as in 1, \">= 1\" or \"< 5\"";
    NoSteps "steps are a list", "begin each step with a dash";
    Second "there is a Scenario document already; only the first one counts", "keep one Scenario document";
}
