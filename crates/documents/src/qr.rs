use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::DocumentError;

/// A QR code as an SVG of one path, without its margin: the template leaves the white around it.
///
/// Level M bears the loss of a seventh, a fold or a stain, and still keeps the modules large on the paper.
pub(crate) fn svg(payload: &str) -> Result<String, DocumentError> {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M)?;
    Ok(code.render::<svg::Color<'_>>().quiet_zone(false).module_dimensions(1, 1).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a scanner reads in an SVG of ours: four dots a module, with the white around it that the page gives.
    fn scan(svg: &str) -> String {
        let (_, path) = svg.split_once(" d=\"").unwrap();
        let (path, _) = path.split_once('"').unwrap();
        let place = |module: &str| {
            let (x, rest) = module.split_once(' ').unwrap();
            (x.parse::<usize>().unwrap(), rest.split_once('h').unwrap().0.parse::<usize>().unwrap())
        };
        let dark: Vec<(usize, usize)> = path.split('M').skip(1).map(place).collect();
        let side = dark.iter().map(|(x, _)| x + 1).max().unwrap();
        let mut dots = vec![vec![255_u8; (side + 8) * 4]; (side + 8) * 4];
        for (x, y) in dark {
            for (dot_x, dot_y) in (0..16).map(|dot| ((x + 4) * 4 + dot % 4, (y + 4) * 4 + dot / 4)) {
                dots[dot_y][dot_x] = 0;
            }
        }
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(dots.len(), dots.len(), |x, y| dots[y][x]);
        seen.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn every_payload_is_read_back_as_it_was_given() {
        let letters: Vec<char> = "ACDEFGHJKMNPQRTUVWXY34679".chars().collect();
        for number in 0..300_usize {
            let id: String = (0..8).map(|at| letters[(number * 7_919 / (at + 1) + at * 31) % letters.len()]).collect();
            let host = "mamis.".repeat(1 + number % 12);
            let payload = format!("https://{host}example.jp/enrol?id={id}");
            assert_eq!(scan(&svg(&payload).unwrap()), payload);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(svg(&"x".repeat(3_000)), Err(DocumentError::Qr(_))));
    }
}
