package org.iommulab.evidence.live;

/**
 * The peer is gone, or does not answer as QMP wants it; the message is one sentence for a person.
 */
final class Lost extends Exception {

  private static final long serialVersionUID = 1;

  Lost(String sentence) {
    super(sentence, null, false, false);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
