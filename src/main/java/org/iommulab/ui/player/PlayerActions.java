package org.iommulab.ui.player;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.beans.value.ObservableValue;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

/** Step, step back, play, restart. */
@Singleton
public final class PlayerActions implements ActionSource {

  private final PresetPlayer player;

  @Inject
  public PlayerActions(PresetPlayer player) {
    this.player = player;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("step-back")
            .icon(MaterialDesignS.STEP_BACKWARD)
            .shortcut("Shift+F8")
            .blocked(player.progressProperty().map(PlayerActions::whyNotBack))
            .runs(player::stepBack),
        Action.named("step")
            .icon(MaterialDesignS.STEP_FORWARD)
            .shortcut("F8")
            .blocked(whyNotForward())
            .runs(player::step),
        Action.named("play")
            .icon(MaterialDesignP.PLAY)
            .shortcut("F5")
            .blocked(whyNotForward())
            .checked(player.playingProperty(), "action.pause")
            .runs(this::playOrPause),
        Action.named("restart")
            .icon(MaterialDesignR.RESTART)
            .shortcut("Shift+F5")
            .blocked(player.progressProperty().map(PlayerActions::whyNotBack))
            .runs(player::restart));
  }

  private void playOrPause() {
    if (player.playingProperty().get()) {
      player.pause();
    } else {
      player.play();
    }
  }

  private ObservableValue<String> whyNotForward() {
    return player
        .progressProperty()
        .map(
            progress ->
                progress.preset().isEmpty()
                    ? "reason.no-preset"
                    : progress.next().isEmpty() ? "reason.preset-done" : "");
  }

  private static String whyNotBack(PresetPlayer.Progress progress) {
    return progress.preset().isEmpty()
        ? "reason.no-preset"
        : progress.done() == 0 ? "reason.preset-start" : "";
  }
}
