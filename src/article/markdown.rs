//! Markdown to an article.
use crate::model::article::Article;
/// Reads a page.
pub(super) fn read(text: &str) -> Article {
    super::plain::read(text)
}
