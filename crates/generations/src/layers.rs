use crate::Funding;

/// A part of the unfunded liability that is being paid off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    /// What is not funded, currency; a surplus is negative.
    pub balance: f64,
    /// Yearly payments that are left.
    pub payments: u16,
}

/// All layers at the start of a year.
pub(crate) struct Layers<'a> {
    funding: &'a Funding,
    left: Vec<Layer>,
}

impl<'a> Layers<'a> {
    /// The layers of the valuation.
    pub(crate) fn new(funding: &'a Funding) -> Self {
        Self { funding, left: funding.layers.clone() }
    }

    /// Makes one more layer of what those there are leave of the unfunded liability: at the valuation the rest of it, in later
    /// years the gain or loss of the year before.
    pub(crate) fn cover(&mut self, unfunded: f64) {
        let covered = self.left.iter().fold(0.0, |sum, layer| sum + layer.balance);
        let balance = unfunded - covered;
        self.left.push(Layer { balance, payments: self.funding.new_layer });
    }

    /// Returns what is paid in a year, at a part of it, and carries the layers to its end.
    ///
    /// # Formula
    ///
    /// `payment = balance / sum over k of (1 + g)^k v^(k + part)`; what is left of the balance bears interest.
    pub(crate) fn pay(&mut self, interest: f64, part: f64) -> f64 {
        let before = libm::pow(1.0 + interest, -part);
        let step = (1.0 + self.funding.layer_growth) / (1.0 + interest);
        let mut all = 0.0;
        for layer in &mut self.left {
            let (mut factor, mut term) = (0.0, before);
            for _ in 0..layer.payments {
                factor += term;
                term *= step;
            }
            let payment = if 0.0 < factor { layer.balance / factor } else { 0.0 };
            all += payment;
            layer.balance = (layer.balance - payment * before) * (1.0 + interest);
            layer.payments = layer.payments.saturating_sub(1);
        }
        self.left.retain(|layer| 0 < layer.payments);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CostMethod, Policy};

    #[test]
    fn a_loss_is_a_layer_of_its_own_and_is_paid_off_in_its_time() {
        let funding = Funding {
            assets: 0.0,
            returns: None,
            smoothing: None,
            gains: Vec::new(),
            method: CostMethod::EntryAge,
            years: 5,
            growth: 0.0,
            entrants: Vec::new(),
            expenses: 0.0,
            policy: Policy::Actuarial,
            layers: vec![Layer { balance: 100.0, payments: 1 }],
            new_layer: 2,
            layer_growth: 0.0,
        };
        let mut layers = Layers::new(&funding);
        layers.cover(100.0);
        // Payments at the start of the year: all of the first layer, nothing of the empty one.
        assert!((layers.pay(0.05, 0.0) - 100.0).abs() < 1e-12);
        layers.cover(82.0);
        // Two level payments at the start of the year: 82 / (1 + 1/1.05) = 42.
        assert!((layers.pay(0.05, 0.0) - 42.0).abs() < 1e-12);
        layers.cover(42.0);
        assert!((layers.pay(0.05, 0.0) - 42.0).abs() < 1e-12);
        layers.cover(0.0);
        assert!(layers.pay(0.05, 0.0).abs() < 1e-12);
    }
}
