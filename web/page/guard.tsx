/** What cannot be shown is said, and takes nothing else with it; what comes next is shown again. */
import { Component, type ComponentChildren } from 'preact';
import { listAddress } from './route.ts';

interface GuardProps {
  readonly children: ComponentChildren;
  /** What is shown: another one is tried again. */
  readonly of?: unknown;
}

export class Guard extends Component<GuardProps, { isBroken: boolean }> {
  override state = { isBroken: false };

  override componentDidCatch(): void {
    this.setState({ isBroken: true });
  }

  override componentDidUpdate(before: GuardProps): void {
    if (this.state.isBroken && before.of !== this.props.of) this.setState({ isBroken: false });
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <p class="note is-bad" role="alert">
        This cannot be shown: what came is not what this page understands. To load the page again may help.{' '}
        <a href={listAddress}>All lotteries</a>
      </p>
    );
  }
}
