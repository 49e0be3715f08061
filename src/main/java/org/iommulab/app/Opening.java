package org.iommulab.app;

import com.google.inject.Inject;
import java.util.Locale;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.file.FileOpener;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.program.ProgramModel;
import org.iommulab.ui.settings.Settings;

/** Brings the window to where it starts: remembered choices, then what was asked for. */
final class Opening {

  /** What a new user sees first. */
  static final String FIRST_PRESET = "vfio-dma-map";

  private final Settings settings;
  private final Theme theme;
  private final Texts texts;
  private final PresetPlayer player;
  private final FileOpener opener;
  private final Recovery recovery;
  private final LearnModel learn;
  private final ProgramModel programs;

  @Inject
  Opening(
      Settings settings,
      Theme theme,
      Texts texts,
      PresetPlayer player,
      FileOpener opener,
      Recovery recovery,
      LearnModel learn,
      ProgramModel programs) {
    this.programs = programs;
    this.learn = learn;
    this.settings = settings;
    this.theme = theme;
    this.texts = texts;
    this.player = player;
    this.opener = opener;
    this.recovery = recovery;
  }

  void apply(DesktopOptions options) {
    theme.scaleProperty().set(Math.clamp(settings.number("scale", 1), 0.7, 2));
    theme.choiceProperty().set(options.theme().orElseGet(this::rememberedTheme));
    options.language().ifPresent(texts::setLocale);
    if (options.program().isPresent()) {
      programs.run(options.program().get());
    } else if (options.file().isPresent()) {
      opener.open(options.file().get());
    } else {
      options.preset().ifPresentOrElse(this::play, this::begin);
    }
    if (Recovery.isKept(settings)) {
      recovery.start();
    } else {
      recovery.offer();
    }
  }

  /**
   * Nothing was asked for: the first time the start page, beneath it a preset at its first step.
   */
  private void begin() {
    Presets.named(FIRST_PRESET).ifPresent(preset -> player.load(preset, 1));
    if (!settings.flag("learn.seen", false)) {
      settings.put("learn.seen", true);
      learn.open();
    }
  }

  private void play(String name) {
    Presets.named(name).or(() -> Presets.all().stream().findFirst()).ifPresent(player::show);
  }

  private Theme.Choice rememberedTheme() {
    String name = settings.text("theme", "");
    for (Theme.Choice choice : Theme.Choice.values()) {
      if (choice.name().equals(name.toUpperCase(Locale.ROOT))) {
        return choice;
      }
    }
    return Theme.Choice.SYSTEM;
  }
}
