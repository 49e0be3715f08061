package org.iommulab.app;

import com.google.inject.Injector;
import java.util.concurrent.CompletableFuture;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.settings.Folders;

/**
 * What needs no toolkit, done while the toolkit starts on another processor: first the wiring of
 * the desktop; then the presets are read and the first of them is played in a laboratory that
 * nobody sees, so that what the window needs next is loaded.
 */
final class WarmUp {

  private static final CompletableFuture<Injector> WIRED = new CompletableFuture<>();

  private WarmUp() {}

  /** Begins; once in a process. */
  static void start(Folders folders, String preset) {
    Thread.ofPlatform()
        .daemon()
        .name("warm-up")
        .start(
            () -> {
              WIRED.completeAsync(() -> Wiring.desktop(folders), Runnable::run);
              play(preset);
            });
  }

  /** The desktop that was wired, as soon as it is. */
  static Injector injector() {
    return WIRED.join();
  }

  private static void play(String name) {
    Presets.named(name).map(Preset::script).ifPresent(script -> new Laboratory().load(script));
  }
}
