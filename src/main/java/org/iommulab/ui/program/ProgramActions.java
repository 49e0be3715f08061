package org.iommulab.ui.program;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.List;
import javafx.beans.value.ObservableValue;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.settings.Settings;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

/** Run a program, let it wait, go on call by call, stop it. */
@Singleton
final class ProgramActions implements ActionSource {

  private final ProgramModel model;
  private final Overlay overlay;
  private final Texts texts;
  private final Settings settings;
  private final Provider<Actions> all;

  @Inject
  ProgramActions(
      ProgramModel model, Overlay overlay, Texts texts, Settings settings, Provider<Actions> all) {
    this.all = all;
    this.model = model;
    this.overlay = overlay;
    this.texts = texts;
    this.settings = settings;
  }

  @Override
  public List<Action> actions() {
    ObservableValue<String> none =
        model
            .stateProperty()
            .map(state -> state == ProgramModel.State.NONE ? "reason.no-program" : "");
    ObservableValue<String> notPaused =
        model
            .stateProperty()
            .map(
                state ->
                    switch (state) {
                      case NONE -> "reason.no-program";
                      case RUNS -> "reason.program-runs";
                      case PAUSED -> "";
                    });
    ObservableValue<String> notRunning =
        model
            .stateProperty()
            .map(
                state ->
                    switch (state) {
                      case NONE -> "reason.no-program";
                      case RUNS -> "";
                      case PAUSED -> "reason.program-pauses";
                    });
    return List.of(
        Action.named("run-program")
            .icon(MaterialDesignP.PLAY_BOX_OUTLINE)
            .blocked(
                model
                    .stateProperty()
                    .map(
                        state -> state == ProgramModel.State.NONE ? "" : "reason.program-is-there"))
            .runs(this::ask),
        Action.named("program-pause")
            .icon(MaterialDesignP.PAUSE)
            .blocked(notRunning)
            .runs(model::pause),
        Action.named("program-step")
            .icon(MaterialDesignS.STEP_FORWARD)
            .shortcut("F6")
            .blocked(none)
            .runs(model::step),
        Action.named("program-go").icon(MaterialDesignP.PLAY).blocked(notPaused).runs(model::goOn),
        Action.named("program-stop").icon(MaterialDesignS.STOP).blocked(none).runs(model::stop));
  }

  private void ask() {
    var card = new ProgramCard(this::run, texts, settings, overlay::close);
    overlay.showOnTop(card);
    card.start();
  }

  private void run(Order order) {
    all.get().get("show-program").run();
    model.run(order);
  }
}
