package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.advisor.AdvisorModel;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.words.Bilingual;

/**
 * The workbench, where a machine of an exercise can be looked at. The advisor stays away until it
 * is asked. What a person answers is a command of the session.
 */
@Singleton
public final class Workplace {

  private final LabModel lab;
  private final PresetPlayer player;
  private final AdvisorModel advisor;
  private final Notices notices;

  @Inject
  public Workplace(LabModel lab, PresetPlayer player, AdvisorModel advisor, Notices notices) {
    this.lab = lab;
    this.player = player;
    this.advisor = advisor;
    this.notices = notices;
  }

  /** Builds a machine afresh; tells if a command is refused. */
  void build(List<Command> commands) {
    player.forget();
    advisor.rest();
    lab.change(
        laboratory -> afresh(laboratory, commands), refused -> refused.ifPresent(this::tell));
  }

  private static Optional<Bilingual> afresh(Laboratory laboratory, List<Command> commands) {
    laboratory.clear();
    for (Command command : commands) {
      if (laboratory.execute(command) instanceof Result.Refused(Bilingual sentence)) {
        return Optional.of(sentence);
      }
    }
    return Optional.empty();
  }

  /** Tells what cannot be done. */
  void tell(Bilingual sentence) {
    notices.tell(Role.BAD, sentence);
  }

  /** Keeps an answer or a hint in the session; a dump that is looked at keeps none. */
  void note(Command said) {
    lab.change(laboratory -> laboratory.execute(said), done -> {});
  }
}
