/**
 * For people who test the window: the id under the pointer, and what a person does as the code of a
 * test. May import {@code ui}, {@code ui.action}, {@code ui.player}, {@code ui.settings}, {@code
 * lab} and {@code lab.session}.
 */
package org.iommulab.ui.record;
