package org.iommulab.lab.session;

import java.util.List;
import java.util.Optional;
import org.iommulab.lab.language.Command;

/**
 * What a session file says.
 *
 * @param commands the journal, those undone included
 * @param position how many of them are in effect
 * @param ground the dump under it, if any
 * @param place where the person stood in a preset, if in one
 * @param sight what else the window showed
 * @param damage the first line that could not be read, counted from 1; 0 if there is none. What
 *     stands before it is here.
 */
public record KeptSession(
    List<Command> commands,
    int position,
    Optional<Ground> ground,
    Optional<Place> place,
    Sight sight,
    int damage) {

  public KeptSession {
    commands = List.copyOf(commands);
  }

  /** Tells whether there is nothing to go on with. */
  public boolean isEmpty() {
    return commands.isEmpty() && ground.isEmpty() && sight.evidence().isEmpty();
  }
}
