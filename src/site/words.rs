//! What a page says around an episode, in the language of the episode where it is one of these, else in English.

/// The words of one language.
pub(super) struct Words {
    pub(super) by: &'static str,
    pub(super) read_by: &'static str,
    pub(super) synthetic: &'static str,
    pub(super) player: &'static str,
    pub(super) chapters: &'static str,
    pub(super) play: &'static str,
    pub(super) pause: &'static str,
    pub(super) back: &'static str,
    pub(super) forward: &'static str,
    pub(super) speed: &'static str,
    pub(super) position: &'static str,
    pub(super) text: &'static str,
    pub(super) article: &'static str,
    pub(super) episodes: &'static str,
    pub(super) subscribe: &'static str,
    pub(super) captions: &'static str,
    pub(super) minutes: &'static str,
}

const TABLE: &[(&str, Words)] = &[
    (
        "en",
        Words {
            by: "By",
            read_by: "Read by",
            synthetic: "Read by a synthetic voice",
            player: "Player",
            chapters: "Chapters",
            play: "Play",
            pause: "Pause",
            back: "Back 15 seconds",
            forward: "Forward 30 seconds",
            speed: "Speed",
            position: "Position",
            text: "Skip to the text",
            article: "The article",
            episodes: "Episodes",
            subscribe: "Subscribe with this address in any podcast app",
            captions: "Text",
            minutes: "min",
        },
    ),
    (
        "fr",
        Words {
            by: "Par",
            read_by: "Lu par",
            synthetic: "Lu par une voix de synthèse",
            player: "Lecteur",
            chapters: "Chapitres",
            play: "Écouter",
            pause: "Pause",
            back: "Reculer de 15 secondes",
            forward: "Avancer de 30 secondes",
            speed: "Vitesse",
            position: "Position",
            text: "Aller au texte",
            article: "L’article",
            episodes: "Épisodes",
            subscribe: "Abonnez-vous avec cette adresse dans votre application de podcasts",
            captions: "Texte",
            minutes: "min",
        },
    ),
    (
        "de",
        Words {
            by: "Von",
            read_by: "Gelesen von",
            synthetic: "Gelesen von einer synthetischen Stimme",
            player: "Player",
            chapters: "Kapitel",
            play: "Anhören",
            pause: "Pause",
            back: "15 Sekunden zurück",
            forward: "30 Sekunden vor",
            speed: "Tempo",
            position: "Stelle",
            text: "Zum Text",
            article: "Der Artikel",
            episodes: "Folgen",
            subscribe: "Mit dieser Adresse in jeder Podcast-App abonnieren",
            captions: "Text",
            minutes: "Min.",
        },
    ),
    (
        "es",
        Words {
            by: "Por",
            read_by: "Leído por",
            synthetic: "Leído por una voz sintética",
            player: "Reproductor",
            chapters: "Capítulos",
            play: "Escuchar",
            pause: "Pausa",
            back: "Retroceder 15 segundos",
            forward: "Avanzar 30 segundos",
            speed: "Velocidad",
            position: "Posición",
            text: "Ir al texto",
            article: "El artículo",
            episodes: "Episodios",
            subscribe: "Suscríbase con esta dirección en su aplicación de pódcast",
            captions: "Texto",
            minutes: "min",
        },
    ),
    (
        "it",
        Words {
            by: "Di",
            read_by: "Letto da",
            synthetic: "Letto da una voce sintetica",
            player: "Lettore",
            chapters: "Capitoli",
            play: "Ascolta",
            pause: "Pausa",
            back: "Indietro di 15 secondi",
            forward: "Avanti di 30 secondi",
            speed: "Velocità",
            position: "Posizione",
            text: "Vai al testo",
            article: "L’articolo",
            episodes: "Episodi",
            subscribe: "Abbonati con questo indirizzo in qualsiasi app di podcast",
            captions: "Testo",
            minutes: "min",
        },
    ),
    (
        "nl",
        Words {
            by: "Door",
            read_by: "Voorgelezen door",
            synthetic: "Voorgelezen door een synthetische stem",
            player: "Speler",
            chapters: "Hoofdstukken",
            play: "Luister",
            pause: "Pauze",
            back: "15 seconden terug",
            forward: "30 seconden vooruit",
            speed: "Snelheid",
            position: "Positie",
            text: "Naar de tekst",
            article: "Het artikel",
            episodes: "Afleveringen",
            subscribe: "Abonneer met dit adres in elke podcast-app",
            captions: "Tekst",
            minutes: "min.",
        },
    ),
];

/// The words of a language tag.
pub(super) fn of(language: &str) -> &'static Words {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let found = TABLE.iter().find(|(code, _)| *code == primary).or(TABLE.first());
    match found {
        Some((_, words)) => words,
        None => unreachable!("the table has English"),
    }
}

/// The direction in which a language is written.
pub(super) fn direction(language: &str) -> &'static str {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    match primary.as_str() {
        "ar" | "dv" | "fa" | "he" | "iw" | "ku" | "ps" | "sd" | "ug" | "ur" | "yi" => "rtl",
        _ => "ltr",
    }
}
