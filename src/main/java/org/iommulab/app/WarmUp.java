package org.iommulab.app;

import org.iommulab.lab.Laboratory;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;

/**
 * Reads the presets and plays the first of them in a laboratory that nobody sees, while the toolkit
 * starts on another processor: what the window needs next is then loaded.
 */
final class WarmUp {

  private WarmUp() {}

  static void start(String preset) {
    Thread.ofPlatform().daemon().name("warm-up").start(() -> play(preset));
  }

  private static void play(String name) {
    Presets.named(name).map(Preset::script).ifPresent(script -> new Laboratory().load(script));
  }
}
