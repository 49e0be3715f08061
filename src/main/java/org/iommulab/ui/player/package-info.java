/**
 * Plays presets step by step, forwards and backwards, and shows the words that go with a step.
 * Imports {@code ui}, its actions and settings, and the laboratory's presets.
 */
package org.iommulab.ui.player;
