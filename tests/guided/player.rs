//! A person at the terminal: she reads the screen until a question stands there, knows which one it is, and answers as her rules
//! say; phrases she reads off the screen, and the head off the paper on which she wrote it down when she saw it last.

use std::collections::VecDeque;
use std::path::Path;
use std::rc::Rc;

use crate::pty::{Pty, Waits};

/// An answer.
#[derive(Clone)]
pub enum Answer {
    /// This line.
    Line(String),
    /// The choice that holds these words.
    Choice(String),
    /// The first of these that a choice holds.
    First(Vec<&'static str>),
    /// The phrase that the screen asks for.
    Phrase,
    /// A PIN.
    Pin(String),
    /// The line of the head on paper that is asked for.
    Paper,
    /// A line that she gets from somewhere else when she is asked.
    Told(Rc<dyn Fn() -> String>),
    /// Ctrl and a letter.
    Control(char),
}

/// A line that is typed.
pub fn line(text: impl Into<String>) -> Answer {
    Answer::Line(text.into())
}

/// A choice by words of it.
pub fn choice(text: impl Into<String>) -> Answer {
    Answer::Choice(text.into())
}

/// Enter alone.
pub fn enter() -> Answer {
    line("")
}

/// What is known about one question.
struct Rule {
    /// The question, whole; `*` stands for anything.
    question: String,
    /// Answers, one each time that it is asked.
    answers: VecDeque<Answer>,
    /// The last one is for ever.
    always: bool,
}

/// Which question gets which answer. The first rule that fits and has an answer left is taken.
#[derive(Default)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// This answer whenever it is asked.
    pub fn always(mut self, question: &str, answer: Answer) -> Rules {
        self.0.push(Rule { question: question.into(), answers: [answer].into(), always: true });
        self
    }

    /// These answers, one after the other.
    pub fn each(mut self, question: &str, answers: impl IntoIterator<Item = Answer>) -> Rules {
        let answers = answers.into_iter().collect();
        self.0.push(Rule { question: question.into(), answers, always: false });
        self
    }

    /// The rules of somebody else behind these.
    pub fn and(mut self, others: Rules) -> Rules {
        self.0.extend(others.0);
        self
    }

    /// The answer to a question, used up unless it is for ever.
    pub fn answer(&mut self, question: &str) -> Option<Answer> {
        let fits = |rule: &&mut Rule| fits(&rule.question, question) && !rule.answers.is_empty();
        let rule = self.0.iter_mut().find(fits)?;
        if rule.always { rule.answers.front().cloned() } else { rule.answers.pop_front() }
    }

    /// Answers that no question came for.
    pub fn left(&self) -> Vec<String> {
        let left = self.0.iter().filter(|rule| !rule.always && !rule.answers.is_empty());
        left.map(|rule| format!("{} answers to {}", rule.answers.len(), rule.question)).collect()
    }
}

/// Whether a question is the one that is meant, where `*` stands for anything.
pub fn fits(pattern: &str, question: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| question.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A question as it stands on the screen.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What is asked: the line above the choices, or the line itself without its colon.
    pub question: String,
    /// The choices, if there are any.
    pub choices: Vec<String>,
    /// Nothing that is typed is shown.
    pub secret: bool,
}

impl Asked {
    /// The number of the one choice that holds these words.
    pub fn number(&self, words: &str) -> Result<usize, String> {
        let fitting = |(_, choice): &(usize, &String)| choice.contains(words);
        let found: Vec<usize> = (1..).zip(&self.choices).filter(fitting).map(|(number, _)| number).collect();
        match found.as_slice() {
            &[number] => Ok(number),
            others => Err(format!("{} choices hold {words:?}", others.len())),
        }
    }
}

/// One page and what was typed under it.
#[derive(Debug, Clone)]
pub struct Step {
    /// Everything since the answer before, with the question at its end.
    pub page: String,
    /// What was typed, as it may be shown.
    pub typed: String,
}

/// Somebody at a terminal.
pub struct Player {
    pub pty: Pty,
    /// Up to where the screen was read when she answered last.
    read: usize,
    /// The answer whose echo comes next.
    echo: Option<String>,
    choices: (String, Vec<String>),
    phrase: Option<(String, String)>,
    /// The head that she saw last, in words, line by line.
    pub paper: Vec<String>,
    /// What she went through.
    pub steps: Vec<Step>,
    /// Keys that she presses in the same moment as those of each answer, before anything else is asked.
    pub early: &'static str,
}

impl Player {
    /// Sits down before a program that was started.
    pub fn at(pty: Pty) -> Player {
        Player {
            pty,
            read: 0,
            echo: None,
            choices: Default::default(),
            phrase: None,
            paper: Vec::new(),
            steps: Vec::new(),
            early: "",
        }
    }

    /// The same with the paper of before.
    pub fn with_paper(mut self, paper: &[String]) -> Player {
        self.paper = paper.to_vec();
        self
    }

    /// Everything since the last answer; its echo is not part of it.
    pub fn page(&self) -> String {
        let text = String::from_utf8_lossy(&self.pty.bytes[self.read..]).replace('\r', "");
        match &self.echo {
            Some(echo) => text.strip_prefix(echo.as_str()).unwrap_or(&text).to_owned(),
            None => text,
        }
    }

    /// The next question; none when the program ended.
    pub fn asked(&mut self) -> Option<Asked> {
        let waits = self.pty.until_asked(self.read);
        let page = self.page();
        if let Some(head) = head_on(&page) {
            self.paper = head;
        }
        // At the end, where the terminal's shell follows, the head and what comes after it must still stand there.
        let last_words = page.rfind(HEAD).filter(|_| waits == Waits::Ended).map_or(0, |at| at);
        let rows = rows(&page[last_words..]) - self.early.lines().count().min(rows(&page[last_words..]));
        assert!(rows <= 24, "{rows} rows between two questions:\n{page}");
        if waits == Waits::Ended {
            return None;
        }
        let last = page.rsplit('\n').next().unwrap().trim_end().trim_end_matches(':').to_owned();
        let asked = if fits("Number (1 to *)", &last) {
            if let Some(list) = list_on(&page) {
                self.choices = list;
            }
            let (question, choices) = self.choices.clone();
            assert_eq!(last, format!("Number (1 to {})", choices.len()), "the list is torn:\n{page}");
            Asked { question, choices, secret: false }
        } else if last == "Your answer" {
            // What is asked stands before the phrase.
            if let Some((question, phrase)) = phrase_on(&page) {
                self.phrase = Some((question, phrase));
            }
            let Some((question, _)) = self.phrase.clone() else { panic!("no phrase is asked for:\n{page}") };
            Asked { question, choices: Vec::new(), secret: false }
        } else {
            let secret = waits == Waits::Secret;
            Asked { question: last, choices: Vec::new(), secret }
        };
        Some(asked)
    }

    /// Types an answer to what was asked.
    pub fn type_in(&mut self, asked: &Asked, answer: &Answer) {
        let page = self.page();
        let failed = |why: &str| -> ! {
            panic!("{why}\nquestion: {}\nchoices: {:?}\n{}", asked.question, asked.choices, self.pty.text())
        };
        // A PIN may be typed one question too late, so a full page shows nothing either.
        let is_unseen = matches!(answer, Answer::Pin(_)) || asked.question == "[Enter for more]";
        let is_as_meant = asked.secret == is_unseen || matches!(answer, Answer::Control(_));
        assert!(is_as_meant, "what is typed here is shown, or not shown, against what was meant: {asked:?}");
        let (keys, shown) = match answer {
            Answer::Line(text) => (text.clone(), text.clone()),
            Answer::Told(tells) => {
                let text = tells();
                (text.clone(), text)
            }
            Answer::Choice(words) => {
                let number = asked.number(words).unwrap_or_else(|why| failed(&why)).to_string();
                (number.clone(), number)
            }
            Answer::First(wanted) => match wanted.iter().find_map(|words| asked.number(words).ok()) {
                Some(number) => (number.to_string(), number.to_string()),
                None => failed(&format!("none of {wanted:?} is offered")),
            },
            Answer::Phrase => match &self.phrase {
                Some((_, phrase)) => (phrase.clone(), phrase.clone()),
                None => failed("no phrase stands on the screen"),
            },
            Answer::Pin(pin) => (pin.clone(), "(PIN, not shown)".to_owned()),
            Answer::Paper => {
                let number: usize = match asked.question.split(' ').nth(1).map(str::parse) {
                    Some(Ok(number)) => number,
                    _ => failed("no line of the paper is asked for"),
                };
                match self.paper.get(number - 1) {
                    Some(words) => (words.clone(), words.clone()),
                    None => failed("nothing stands on the paper"),
                }
            }
            Answer::Control(letter) => {
                let key = (*letter as u8) & 0x1f;
                self.steps.push(Step { page, typed: format!("(Ctrl-{})", letter.to_ascii_uppercase()) });
                self.read = self.pty.bytes.len();
                self.echo = None;
                self.pty.press(&[key]);
                return;
            }
        };
        self.steps.push(Step { page, typed: shown });
        self.read = self.pty.bytes.len();
        self.echo = Some(if asked.secret { "\n".to_owned() } else { format!("{keys}\n") });
        self.pty.press(format!("{keys}\n{}", self.early).as_bytes());
    }

    /// Kills the program at a question, as a power cut would.
    pub fn kill(&mut self) {
        self.pty.kill();
    }

    /// What the program says last: the command that goes on, as it can be typed.
    pub fn way_on(&self) -> String {
        let text = self.pty.text();
        let at = text.rfind("To go on:\n").unwrap_or_else(|| panic!("no way to go on:\n{text}"));
        let lines = text[at..].lines().skip(1).skip_while(|line| line.is_empty());
        lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// Answers by the rules until the program ends; gives its exit code.
    pub fn play(&mut self, rules: &mut Rules) -> i32 {
        while let Some(asked) = self.asked() {
            self.answer(&asked, rules);
        }
        self.over()
    }

    /// Answers one question.
    pub fn answer(&mut self, asked: &Asked, rules: &mut Rules) {
        let Some(answer) = rules.answer(&asked.question) else {
            panic!("no rule for {:?} {:?}:\n{}", asked.question, asked.choices, self.pty.text());
        };
        self.type_in(asked, &answer);
    }

    /// Answers by the rules until this question stands there, which is left open.
    pub fn until(&mut self, question: &str, rules: &mut Rules) -> Asked {
        while let Some(asked) = self.asked() {
            if fits(question, &asked.question) {
                return asked;
            }
            self.answer(&asked, rules);
        }
        panic!("{question:?} was not asked:\n{}", self.pty.text());
    }

    /// The exit code of a program that ended; its last page becomes a step.
    pub fn over(&mut self) -> i32 {
        let page = self.page();
        self.steps.push(Step { page, typed: String::new() });
        let text = self.pty.text();
        self.pty.end().unwrap_or_else(|| panic!("a signal ended it:\n{text}"))
    }

    /// Plays to the end, which must be a good one, and every answer must have been asked for.
    pub fn finish(&mut self, rules: &mut Rules) {
        let code = self.play(rules);
        assert_eq!(code, 0, "{}", self.pty.text());
        assert!(rules.left().is_empty(), "never asked: {:#?}\n{}", rules.left(), self.pty.text());
    }

    /// What stands on the paper, in one line.
    pub fn head(&self) -> String {
        assert_eq!(self.paper.len(), 8, "no head was seen:\n{}", self.pty.text());
        self.paper.join(" ")
    }
}

/// How the title of a head begins.
const HEAD: &str = "The head after line ";

/// Rows that a text takes on a screen of 80 columns.
pub fn rows(page: &str) -> usize {
    page.lines().map(|line| line.chars().count().div_ceil(80).max(1)).sum()
}

/// The last head in words: a heading, two lines of hex, and eight lines of four words.
pub fn head_on(page: &str) -> Option<Vec<String>> {
    let lines: Vec<&str> = page.lines().collect();
    let word_line = |line: &str, number: usize| -> Option<String> {
        let mut words = line.split_whitespace();
        let fits = line.starts_with("  ") && words.next()? == number.to_string();
        let words: Vec<&str> = words.collect();
        (fits && words.len() == 4).then(|| words.join(" "))
    };
    (0..lines.len()).rev().find_map(|at| {
        // Only the head is titled so; what is compared has other titles.
        let title = lines.get(at)?;
        if !title.starts_with(HEAD) {
            return None;
        }
        (0..8).map(|number| word_line(lines.get(at + 4 + number)?, number + 1)).collect()
    })
}

/// The last question with its choices.
fn list_on(page: &str) -> Option<(String, Vec<String>)> {
    let lines: Vec<&str> = page.lines().collect();
    let numbered = |line: &str, number: usize| {
        line.trim_start().strip_prefix(format!("{number}  ").as_str()).map(str::to_owned)
    };
    let first = lines.iter().rposition(|line| line.starts_with(' ') && numbered(line, 1).is_some())?;
    let choices = (1..).zip(&lines[first..]).map_while(|(number, line)| numbered(line, number)).collect();
    let question = lines.get(first.checked_sub(1)?)?;
    (!question.is_empty()).then(|| ((*question).to_owned(), choices))
}

/// The last question that is answered with a phrase, and the phrase; how to say no stands behind it.
fn phrase_on(page: &str) -> Option<(String, String)> {
    let asks = |line: &&str| line.contains(", type: ") && !line.ends_with(", type: no");
    let (question, phrase) = page.lines().rfind(asks)?.split_once(": ")?;
    Some((question.to_owned(), phrase.to_owned()))
}

/// Somebody types this line into a shell.
pub fn shell(line: &str, folder: &Path) -> Player {
    let arguments =
        ["-c".to_owned(), format!("conclave() {{ exec '{}' \"$@\"; }}\n{line}", program().display())];
    Player::at(Pty::start(Path::new("sh"), &arguments, folder, &[]))
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_conclave"))
}

/// The program under test at a terminal.
pub fn conclave(arguments: &[&str], folder: &Path, environment: &[(&str, &str)]) -> Player {
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    Player::at(Pty::start(program(), &arguments, folder, environment))
}
